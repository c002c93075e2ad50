"""Reads and writes face sets with other people's libraries, for test/conformance/referees.test.ts: webdataset, pyarrow,
and a RecordIO reader and writer written from the format's description.
Arguments: read or write, the format, a folder. To write, lines of {"file", "identity"} come in on stdin; what was read
goes out as lines of {"identity", "sha256"}."""
import glob
import hashlib
import json
import os
import struct
import sys

verb, kind, folder = sys.argv[1:4]
MAGIC = 0xCED7230A


def read_webdataset():
    import webdataset as wds
    for sample in wds.WebDataset(sorted(glob.glob(f"{folder}/*.tar")), shardshuffle=False):
        image = next(sample[key] for key in sample if key in ("jpg", "png"))
        record = json.loads(sample["json"])
        assert int(sample["cls"]) == record["label"]
        yield record["identity"], image


def read_parquet():
    import pyarrow.parquet as pq
    table = pq.read_table(f"{folder}/train-00000-of-00001.parquet")
    names = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]["label"]["names"]
    for row in table.to_pylist():
        assert names[row["label"]] == row["identity"]
        yield row["identity"], row["image"]["bytes"]


def record_at(data, at):
    """Pieces of a record joined by the magic word that was cut out between them: flag, labels, image."""
    parts = []
    while True:
        magic, word = struct.unpack_from("<II", data, at)
        assert magic == MAGIC
        place, length = word >> 29, word & (1 << 29) - 1
        parts.append(data[at + 8:at + 8 + length])
        at += 8 + (length + 3) // 4 * 4
        if place in (0, 3):
            break
    payload = struct.pack("<I", MAGIC).join(parts)
    flag, label, _, _ = struct.unpack_from("<IfQQ", payload)
    labels = struct.unpack_from(f"<{flag}f", payload, 24) if flag else (label,)
    return flag, labels, payload[24 + 4 * flag:]


def read_recordio():
    """As arcface_torch does: record 0 tells where the identity records start, images are those before."""
    data = open(f"{folder}/train.rec", "rb").read()
    index = dict(tuple(map(int, line.split("\t"))) for line in open(f"{folder}/train.idx"))
    names = {}
    for line in open(f"{folder}/label-map.csv").read().splitlines()[1:]:
        identity, _, label, *_ = line.split(",")
        names[label] = identity
    flag, header, _ = record_at(data, index[0])
    assert flag == 2
    for key in range(1, int(header[0])):
        _, labels, image = record_at(data, index[key])
        yield names[str(int(labels[0]))], image
    for label, key in enumerate(range(int(header[0]), int(header[1]))):
        _, (first, last), image = record_at(data, index[key])
        assert image == b"" and all(record_at(data, index[k])[1][0] == label for k in range(int(first), int(last)))
    assert open(f"{folder}/property").read().split(",")[0] == str(int(header[1] - header[0]))


def write_webdataset(images):
    import webdataset as wds
    with wds.TarWriter(f"{folder}/00000.tar") as sink:
        for i, (identity, image) in enumerate(images):
            sink.write({"__key__": f"{i:09d}", "jpg": image, "json": {"identity": identity, "caption": "a face"}})


def write_parquet(images):
    import pyarrow as pa
    import pyarrow.parquet as pq
    names = sorted({identity for identity, _ in images})
    features = {"info": {"features": {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}}}
    table = pa.table({
        "image": [{"bytes": image, "path": None} for _, image in images],
        "label": [names.index(identity) for identity, _ in images],
    }).replace_schema_metadata({"huggingface": json.dumps(features)})
    pq.write_table(table, f"{folder}/train-00000-of-00001.parquet", compression="zstd", row_group_size=3)


def write_recordio(images):
    """As drop.py does: no header record, keys from 0, labels as an array."""
    names = sorted({identity for identity, _ in images})
    with open(f"{folder}/train.rec", "wb") as records, open(f"{folder}/train.idx", "w") as index:
        for key, (identity, image) in enumerate(images):
            payload = struct.pack("<IfQQff", 2, 0, key, 0, names.index(identity), 0) + image
            assert struct.pack("<I", MAGIC) not in payload
            index.write(f"{key}\t{records.tell()}\n")
            records.write(struct.pack("<II", MAGIC, len(payload)) + payload + b"\0" * (-len(payload) % 4))
    with open(f"{folder}/label-map.csv", "w") as labels:
        labels.write("identity,new_label\n" + "".join(f"{name},{i}\n" for i, name in enumerate(names)))


if verb == "read":
    for identity, image in globals()[f"read_{kind}"]():
        print(json.dumps({"identity": identity, "sha256": hashlib.sha256(image).hexdigest()}))
else:
    lines = [json.loads(line) for line in sys.stdin if line.strip()]
    os.makedirs(folder, exist_ok=True)
    globals()[f"write_{kind}"]([(line["identity"], open(line["file"], "rb").read()) for line in lines])
