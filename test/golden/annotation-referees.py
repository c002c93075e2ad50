"""Opens exports of decisions with the libraries of the tools they are for, and writes answers with those tools' own
writers, for test/conformance/annotation-referees.test.ts: label-studio-sdk, datumaro, pyarrow, fiftyone.
Arguments: the tool, a folder that holds the export, a folder for the answers. Verdicts come in on stdin as one JSON object
{path: {"verdict", "identity"}}; what the tool understood goes out as one JSON object {path: label}."""
import json
import os
import sys

tool, folder, out = sys.argv[1:4]
verdicts = json.load(sys.stdin)
os.makedirs(out, exist_ok=True)


def label_studio(form):
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface
    config = open(f"{folder}/labeling-config.xml").read()
    interface = LabelInterface(config)
    interface.validate()
    tasks = json.load(open(f"{folder}/d.json"))
    seen = {}
    for number, task in enumerate(tasks):
        # its validate_task cannot be given predictions: it calls validate_prediction without one
        assert interface.validate_task({"data": task["data"]}), task
        for prediction in task["predictions"]:
            errors = interface.validate_prediction(prediction, return_errors=True)
            assert not errors, errors
        choices = [r["value"]["choices"][0] for r in task["predictions"][0]["result"] if r["type"] == "choices"]
        seen[task["data"]["path"]] = choices[0] if choices else "review"
        task["id"] = number
        task["annotations"] = []
        given = verdicts.get(task["data"]["path"])
        if given:
            result = [{"from_name": "verdict", "to_name": "image", "type": "choices",
                       "value": {"choices": [given["verdict"]]}}]
            if given["identity"]:
                result.append({"from_name": "new_identity", "to_name": "image", "type": "textarea",
                               "value": {"text": [given["identity"]]}})
            annotation = {"id": number, "completed_by": {"id": 1, "email": "ada@example.org"}, "was_cancelled": False,
                          "created_at": "2026-11-03T10:00:00Z", "updated_at": "2026-11-03T10:00:00Z", "lead_time": 1,
                          "result": result}
            assert interface.validate_annotation(annotation), annotation
            task["annotations"] = [annotation]
    json.dump(tasks, open(f"{out}/raw.json", "w"))
    converter = Converter(config, out, download_resources=False)
    if form in ("csv", "tsv"):
        converter.convert_to_csv(f"{out}/raw.json", out, is_dir=False, sep="," if form == "csv" else "\t")
        made = f"{out}/result.csv"
        if form == "tsv" and os.path.exists(made):
            os.rename(made, f"{out}/result.tsv")
    elif form == "min":
        converter.convert_to_json_min(f"{out}/raw.json", out, is_dir=False)
    else:
        converter.convert_to_json(f"{out}/raw.json", out, is_dir=False)
    return seen


def datumaro_dataset():
    from datumaro.components.dataset import Dataset
    return Dataset.import_from(folder, "imagenet_txt" if os.path.exists(f"{folder}/synsets.txt") else "cvat")


def cvat(writes):
    from datumaro.components.annotation import AnnotationType, Label, LabelCategories
    from datumaro.components.dataset import Dataset
    from datumaro.components.media import Image
    read = datumaro_dataset()
    labels = read.categories()[AnnotationType.label]
    seen, items = {}, []
    relabels = sorted({f"relabel={given['identity']}" for given in verdicts.values() if given["identity"]})
    new = LabelCategories()
    for label in labels:
        new.add(label.name, attributes=label.attributes)
    for name in relabels if writes != "cvat" else []:
        new.add(name)
    for item in read:
        path = os.path.relpath(item.media.path, f"{folder}/images")
        seen[path] = labels[item.annotations[0].label].name if item.annotations else "review"
        given = verdicts.get(path)
        annotations = []
        if given and given["identity"] and writes != "cvat":
            annotations = [Label(new.find(f"relabel={given['identity']}")[0])]
        elif given:
            attributes = {"identity": given["identity"]} if given["identity"] else {}
            annotations = [Label(new.find(given["verdict"])[0], attributes=attributes)]
        items.append(item.wrap(annotations=annotations, subset="default"))
    filled = Dataset.from_iterable(items, categories={AnnotationType.label: new}, media_type=Image)
    filled.export(out, writes, save_media=writes == "imagenet")
    return seen


def parquet():
    import pyarrow as pa
    import pyarrow.parquet as pq
    table = pq.read_table(f"{folder}/d.parquet")
    assert table.schema.field("cos_dominant").type == pa.float64(), table.schema
    assert table.schema.field("subcenter").type == pa.int32(), table.schema
    assert table.schema.field("path").type == pa.string(), table.schema
    rows = table.to_pylist()
    seen = {row["path"]: row["decision"] for row in rows}
    for row in rows:
        given = verdicts.get(row["path"])
        if given:
            row["verdict"] = given["verdict"]
            row["suggested_identity"] = given["identity"]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), f"{out}/result.parquet", compression="zstd")
    return seen


def fiftyone():
    """Its importer and exporter without a data set, which would need MongoDB."""
    import fiftyone as fo
    import fiftyone.utils.data as foud
    images = f"{folder}/images"
    read = foud.FiftyOneImageClassificationDatasetImporter(data_path=images, labels_path=f"{folder}/d.json")
    write = foud.FiftyOneImageClassificationDatasetExporter(
        labels_path=f"{out}/labels.json", data_path=images, export_media=False, rel_dir=images, include_attributes=True)
    seen = {}
    with read, write:
        for image, _, label in read:
            path = os.path.relpath(image, images)
            assert label.path == path and label.reason, label
            seen[path] = label.label
            given = verdicts.get(path)
            if given:
                extra = {"new_identity": given["identity"]} if given["identity"] else {}
                write.export_sample(image, fo.Classification(label=given["verdict"], **extra))
    return seen


work = {
    "label-studio": lambda: label_studio("json"),
    "label-studio-min": lambda: label_studio("min"),
    "label-studio-csv": lambda: label_studio("csv"),
    "label-studio-tsv": lambda: label_studio("tsv"),
    "cvat": lambda: cvat("cvat"),
    "imagenet-txt": lambda: cvat("imagenet_txt"),
    "imagenet": lambda: cvat("imagenet"),
    "parquet": parquet,
    "fiftyone": fiftyone,
}
print("\n" + json.dumps(work[tool]()))
