"""Reading images in Python, for bench/ingest.js: SHA-256, Pillow's decoder, the middle or the aligned face, imagehash's
difference hash. Reads a number of passes a line, answers with the seconds they took.
Arguments: list of files, size, processes, and to align: detector, landmarks, threads of each network."""
import hashlib
import io
import sys
import time
from multiprocessing import Pool

import imagehash
import numpy as np
from PIL import Image

files = open(sys.argv[1]).read().split("\n")
size, processes = int(sys.argv[2]), int(sys.argv[3])
models = sys.argv[4:6]
threads = int(sys.argv[6]) if models else 1
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
MIDDLES = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]]
sessions = []


def start():
    if not models:
        return
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    sessions.extend(ort.InferenceSession(model, options) for model in models)


def detect(image):
    small = np.asarray(image.resize((320, 240), Image.BILINEAR), np.float32)
    x = np.ascontiguousarray(((small - 127) / 128).transpose(2, 0, 1)[None])
    scores, boxes = sessions[0].run(["scores", "boxes"], {sessions[0].get_inputs()[0].name: x})
    keep = scores[0, :, 1] >= 0.65
    boxes, scores = boxes[0][keep] * np.array([*image.size, *image.size]), scores[0, keep, 1]
    kept = []
    for i in np.argsort(-scores):
        if all(overlap(boxes[i], boxes[j]) <= 0.4 for j in kept):
            kept.append(i)
    return boxes[kept]


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def align(image, box):
    half = (box[3] - box[1]) / 2
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    square = [max(0, x - half), max(0, y - half), min(image.width, x + half), min(image.height, y + half)]
    grey = np.asarray(image.resize((64, 64), Image.BILINEAR, box=square).convert("L"), np.float32)
    points = sessions[1].run(None, {sessions[1].get_inputs()[0].name: grey[None, None] / 256})[0].reshape(68, 2)
    five = np.array([points[m].mean(0) for m in MIDDLES]) * [square[2] - square[0], square[3] - square[1]] + square[:2]
    source, target = five - five.mean(0), (TEMPLATE - TEMPLATE.mean(0)) * size / 112
    u, _, vt = np.linalg.svd(target.T @ source)
    rotation = vt.T @ u.T
    scale = np.trace(rotation @ target.T @ source) / (target ** 2).sum()
    matrix = scale * rotation
    shift = five.mean(0) - matrix @ (TEMPLATE.mean(0) * size / 112)
    return image.transform((size, size), Image.AFFINE, (*matrix[0], shift[0], *matrix[1], shift[1]), Image.BILINEAR)


def work(file):
    data = open(file, "rb").read()
    digest = hashlib.sha256(data).hexdigest()
    image = Image.open(io.BytesIO(data)).convert("RGB")
    if models:
        crops = [np.asarray(align(image, box)) for box in detect(image)]
    else:
        side = round(0.52 * min(image.size))
        left, top = (image.width - side) // 2, (image.height - side) // 2
        crops = [np.asarray(image.resize((size, size), Image.BICUBIC, box=(left, top, left + side, top + side)))]
    return digest, str(imagehash.dhash(image)), len(crops)


if __name__ == "__main__":
    with Pool(processes, start) as pool:
        print("ready", flush=True)
        for line in sys.stdin:
            begin = time.perf_counter()
            for _ in range(int(line)):
                pool.map(work, files, chunksize=16)
            print(time.perf_counter() - begin, flush=True)
