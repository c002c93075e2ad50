"""A pretrained model on packed crops in onnxruntime for Python, for bench/embed-throughput.js: image and mirror image,
as the model was exported, one at a time. Reads a number of passes a line, answers with the seconds they took.
Arguments: model, crop file, size, crops, mean, scale, threads."""
import sys
import time

import numpy as np
import onnxruntime as ort

model, crops, (size, count), (mean, scale), threads = (
    sys.argv[1], sys.argv[2], map(int, sys.argv[3:5]), map(float, sys.argv[5:7]), int(sys.argv[7]))
options = ort.SessionOptions()
options.intra_op_num_threads = threads
session = ort.InferenceSession(model, options)
name = session.get_inputs()[0].name
pixels = np.fromfile(crops, np.uint8, count * size * size * 3).reshape(count, size, size, 3)
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        for crop in pixels:
            x = ((crop[:, :, ::-1].astype(np.float32) - mean) / scale).transpose(2, 0, 1)[None]
            session.run(None, {name: np.ascontiguousarray(x)})
            session.run(None, {name: np.ascontiguousarray(x[..., ::-1])})
    print(time.perf_counter() - start, flush=True)
