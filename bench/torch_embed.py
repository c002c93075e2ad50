"""Embedding in PyTorch, for bench/embed-throughput.js: image and mirror image, summed, to unit length. Reads a number
of batches a line, answers with the seconds they took. Arguments: network, layout, size, batch, dimensions, threads."""
import sys
import time

import torch
import torch.nn.functional as F
from torch_networks import networks

network, layout, (size, batch, dimensions, threads) = sys.argv[1], sys.argv[2], map(int, sys.argv[3:7])
torch.set_num_threads(threads)
torch.set_flush_denormal(True)
net = networks[network](size, dimensions).eval()
images = torch.randint(0, 256, (batch, 3, size, size), dtype=torch.uint8)
if layout == "channels_last":
    net = net.to(memory_format=torch.channels_last)
    images = images.contiguous(memory_format=torch.channels_last)
print("ready", flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            x = (images.float() - 127.5) / 128
            F.normalize(net(x) + net(x.flip(3)))
        print(time.perf_counter() - start, flush=True)
