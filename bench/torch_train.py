"""A training step in PyTorch, for bench/train-throughput.js: reads a number of steps a line, answers with the seconds
they took. Arguments: network, layout (default or channels_last), size, batch, dimensions, classes, K, threads."""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch_networks import networks

network, layout, (size, batch, dimensions, classes, k, threads) = sys.argv[1], sys.argv[2], map(int, sys.argv[3:9])
torch.set_num_threads(threads)
torch.set_flush_denormal(True)
torch.manual_seed(0)

net = networks[network](size, dimensions)
head = nn.Parameter(torch.randn(classes * k, dimensions) * 0.01)
images = torch.randint(0, 256, (batch, 3, size, size), dtype=torch.uint8)
labels = torch.arange(batch) % classes
if layout == "channels_last":
    net = net.to(memory_format=torch.channels_last)
    images = images.contiguous(memory_format=torch.channels_last)
optimizer = torch.optim.SGD([*net.parameters(), head], lr=0.05, momentum=0.9, weight_decay=5e-4)
margin, scale = torch.tensor(0.3), 24


def step():
    x = F.normalize(net((images.float() - 127.5) / 128))
    cosine = (x @ F.normalize(head).T).view(batch, classes, k).max(2)[0]
    with torch.no_grad():
        target = cosine.gather(1, labels[:, None])
        turned = target * margin.cos() - (1 - target**2).clamp(min=0).sqrt() * margin.sin()
    logits = cosine.scatter_add(1, labels[:, None], turned - target)
    loss = F.cross_entropy(logits * scale, labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        step()
    print(time.perf_counter() - start, flush=True)
