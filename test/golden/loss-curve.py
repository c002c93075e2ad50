"""Fifty training steps of plain-4 with sub-center ArcFace in PyTorch, from the weights facesieve starts with.

    npx vitest run test/training/loss-curve.test.ts      # with GOLDEN_START=start.safetensors writes the first weights
    python test/golden/loss-curve.py start.safetensors > test/golden/loss-curve.json     # PyTorch 2.5.1, CPU
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
CLASSES, K, SCALE, MARGIN, RATE = 5, 3, 24, 0.3, 0.02


def read_safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    body = data[8 + length :]
    return {k: torch.tensor(np.frombuffer(body[slice(*v["data_offsets"])], np.float32).reshape(v["shape"]).copy()) for k, v in header.items()}


def batch_of(step):
    state, values = step + 1, []
    for i in range(8 + 16 * 16 * 16 * 3):
        state = (state * 1664525 + 1013904223) % 2**32
        if i >= 8:
            values.append(state >> 24)
    images = np.array(values, np.float32).reshape(16, -1)
    labels = np.arange(16) % CLASSES
    for i, label in enumerate(labels):
        images[i, :300] = 40 * label
    return torch.tensor(images.reshape(16, 16, 16, 3)), torch.tensor(labels)


w = {k: v for k, v in read_safetensors(sys.argv[1]).items() if not k.startswith("velocity:")}
trainable = {k: v.requires_grad_() for k, v in w.items() if not k.endswith((".mean", ".variance"))}
decayed = [v for k, v in trainable.items() if not k.endswith((".scale", ".shift"))]
plain = [v for k, v in trainable.items() if k.endswith((".scale", ".shift"))]
optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 5e-4}, {"params": plain}], lr=RATE, momentum=0.9)


def norm(x, name):
    return F.batch_norm(x, None, None, w[name + ".scale"], w[name + ".shift"], training=True, eps=1e-5)


def loss_of(images, labels):
    x = ((images - 127.5) / 128).permute(0, 3, 1, 2)
    for i, stride in enumerate([2, 2, 2, 1]):
        pad = (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1)  # TensorFlow's `same`
        x = F.relu(norm(F.conv2d(F.pad(x, pad), w[f"conv{i}"].permute(3, 2, 0, 1), stride=stride), f"norm{i}"))
    x = x.permute(0, 2, 3, 1).reshape(16, -1) @ w["dense"]
    x = F.normalize(norm(x, "normEmbedding"))
    cosine = (x @ F.normalize(w["head"]).T).view(16, CLASSES, K).max(2)[0]
    with torch.no_grad():
        target = cosine.gather(1, labels[:, None])
        turned = target * np.cos(MARGIN) - (1 - target**2).clamp(min=0).sqrt() * np.sin(MARGIN)
        turned = torch.where(target > -np.cos(MARGIN), turned, target - MARGIN * np.sin(MARGIN))
    return F.cross_entropy(cosine.scatter_add(1, labels[:, None], turned - target) * SCALE, labels)


losses = []
for step in range(50):
    loss = loss_of(*batch_of(step))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(round(loss.item(), 6))
print(json.dumps(losses))
