"""Writes a tree of images with other people's libraries, for test/conformance/dataset-writers.test.ts.
Arguments: the kind, a folder SPLIT/NAME/image.jpg, and a new folder to write to."""
import glob
import json
import os
import struct
import subprocess
import sys

kind, tree, out = sys.argv[1:4]
os.makedirs(out)
files = sorted(glob.glob(f"{tree}/*/*/*.jpg"))
rows = [(path, os.path.relpath(path, tree).split("/")) for path in files]
people = sorted({parts[1] for _, parts in rows})


def read(path):
    with open(path, "rb") as file:
        return file.read()


def hugging_face(embed):
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=f"{out}-cache")
    from datasets import load_dataset
    from datasets.table import embed_table_storage
    for split, part in load_dataset("imagefolder", data_dir=tree).items():
        if embed:  # as push_to_hub does
            part = part.with_format("arrow").map(embed_table_storage, batched=True)
        part.to_parquet(f"{out}/data/{split}-00000-of-00001.parquet")


def web_dataset(label):
    import webdataset as wds
    with wds.ShardWriter(f"{out}/set-%06d.tar", maxcount=7, verbose=0) as sink:
        for i, (path, (_, person, _)) in enumerate(rows):
            sink.write({"__key__": f"{i:06d}", "jpg": read(path), **label(person)})


def gnu_tar(*arguments):
    subprocess.run(["tar", *arguments], check=True)


def img2dataset(form):
    import pyarrow as pa
    import pyarrow.parquet as pq
    import webdataset as wds
    for shard in range(0, len(rows), 8):
        name, part = f"{shard // 8:05d}", rows[shard:shard + 8]
        samples = [(f"{name}{i:04d}", path, person) for i, (path, (_, person, _)) in enumerate(part)]
        meta = [{"key": key, "status": "success", "identity": person, "url": "x", "width": 32} for key, _, person in samples]
        if form == "files":
            os.makedirs(f"{out}/{name}")
            for (key, path, _), record in zip(samples, meta):
                open(f"{out}/{name}/{key}.jpg", "wb").write(read(path))
                json.dump(record, open(f"{out}/{name}/{key}.json", "w"))
                open(f"{out}/{name}/{key}.txt", "w").write("a photograph")
        else:
            with wds.TarWriter(f"{out}/{name}.tar") as sink:
                for (key, path, _), record in zip(samples, meta):
                    sink.write({"__key__": key, "jpg": read(path), "txt": "a photograph", "json": record})
        pq.write_table(pa.Table.from_pylist(meta), f"{out}/{name}.parquet")
        json.dump({"count": len(meta)}, open(f"{out}/{name}_stats.json", "w"))


def recordio():
    """MXNet's recordio.py: magic word, length, IRHeader (flag, label, id, id2), image; padded to 4 bytes."""
    for part in range(3):
        data, index = b"", ""
        for key, (path, (_, person, _)) in enumerate(rows[part::3]):
            payload = struct.pack("<IfQQ", 0, float(people.index(person)), key, 0) + read(path)
            index += f"{key}\t{len(data)}\n"
            data += struct.pack("<II", 0xCED7230A, len(payload)) + payload + bytes(-len(payload) % 4)
        open(f"{out}/part_{part}.rec", "wb").write(data)
        open(f"{out}/part_{part}.idx", "w").write(index)
    lines = [f"{person},{label}" for label, person in enumerate(people)]
    open(f"{out}/label-map.csv", "w").write("\n".join(["identity,new_label", *lines]) + "\n")


def pandas_table(**dialect):
    import pandas as pd
    table = pd.DataFrame([(os.path.relpath(path, tree), person) for path, (_, person, _) in rows], columns=["path", "identity"])
    table.to_csv(f"{out}/set.csv", **{"index": False, **dialect})


kinds = {
    "hugging-face": lambda: hugging_face(True),
    "hugging-face-paths": lambda: hugging_face(False),
    "webdataset-cls": lambda: web_dataset(lambda person: {"cls": people.index(person)}),
    "webdataset-txt-cls": lambda: web_dataset(lambda person: {"cls": person.encode()}),
    "webdataset-json": lambda: web_dataset(lambda person: {"json": {"identity": person}}),
    "tar-dot": lambda: gnu_tar("-cf", f"{out}/set.tar", "-C", tree, "."),
    "tar-gz": lambda: gnu_tar("-czf", f"{out}/set.tar.gz", "-C", os.path.dirname(tree), os.path.basename(tree)),
    "tar-pax": lambda: gnu_tar("--format=pax", "-cf", f"{out}/set.tar", "-C", f"{tree}/train", *sorted(os.listdir(f"{tree}/train"))),
    "img2dataset-files": lambda: img2dataset("files"),
    "img2dataset-shards": lambda: img2dataset("shards"),
    "recordio": recordio,
    "pandas": lambda: pandas_table(),
    "pandas-semicolon": lambda: pandas_table(sep=";", encoding="utf-8-sig"),
    "pandas-utf16": lambda: pandas_table(sep="\t", encoding="utf-16"),
    "pandas-quoted": lambda: pandas_table(quoting=1, lineterminator="\r\n", index=True),
    "pandas-headless": lambda: pandas_table(header=False, sep="|"),
}
kinds[kind]()
