"""What insightface itself finds with the packs in FOLDER/packs in the images of FOLDER/images, as JSON.

Written for test/conformance/insightface-packs.test.ts, which makes the folder; wants insightface 2.1, opencv 5.
    python insightface-packs.py FOLDER
"""
import json
import logging
import sys
from contextlib import redirect_stdout
from pathlib import Path

import cv2
import insightface
from insightface.app import FaceAnalysis
from insightface.utils import face_align

FACES = 2  # of an image whose crops and embeddings are told
STEP = 16  # every so many pixels of a crop


def look(app, image):
    boxes, points = app.det_model.detect(image)
    faces = [{"box": [round(float(v), 5) for v in box]} for box in boxes]
    if points is None:
        return faces
    for face, five in zip(faces, points):
        face["points"] = [[round(float(v), 5) for v in point] for point in five]
    for face, five in list(zip(faces, points))[:FACES]:
        crop = face_align.norm_crop(image, five, 112)
        face["crop"] = crop[::STEP, ::STEP, ::-1].ravel().tolist()
        embedding = app.models["recognition"].get_feat(crop).ravel()
        face["embedding"] = [round(float(v), 5) for v in embedding]
    return faces


def main():
    folder = Path(sys.argv[1])
    logging.disable(logging.WARNING)
    found = {}
    with redirect_stdout(sys.stderr):
        for pack in sorted((folder / "packs").iterdir()):
            app = FaceAnalysis(name=str(pack), allowed_modules=["detection", "recognition"])
            app.prepare(ctx_id=-1)
            for image in sorted((folder / "images").iterdir()):
                found[f"{pack.name} {image.stem}"] = look(app, cv2.imread(str(image)))
    lines = ',\n'.join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in found.items())
    print(f'{{"insightface": "{insightface.__version__}", "opencv": "{cv2.__version__}", "found": {{\n{lines}\n}}}}')


main()
