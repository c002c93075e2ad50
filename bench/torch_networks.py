"""The networks of src/model/backbones once more in PyTorch, for the measurements that compare with it."""
import torch.nn as nn
import torch.nn.functional as F


class Same2d(nn.Module):
    """Convolution 3x3 padded as TensorFlow's `same`: at stride 2, below and to the right only."""

    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.stride = stride
        self.conv = nn.Conv2d(inputs, filters, 3, stride, 1 if stride == 1 else 0, bias=False)

    def forward(self, x):
        return self.conv(x if self.stride == 1 else F.pad(x, (0, 1, 0, 1)))


def plain7(size, dimensions, same=False):
    layers, channels = [], 3
    for filters, stride in [(32, 2), (64, 1), (64, 2), (128, 1), (128, 2), (256, 1), (256, 2)]:
        # Padding all sides inside the convolution is PyTorch's fastest, and what the timings use.
        conv = Same2d(channels, filters, stride) if same else nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        layers += [conv, nn.BatchNorm2d(filters), nn.ReLU(inplace=True)]
        channels = filters
    features = 256 * (size // 16) ** 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, dimensions, bias=False), nn.BatchNorm1d(dimensions))


class Residual(nn.Module):
    def __init__(self, body, shortcut=None):
        super().__init__()
        self.body, self.shortcut = body, shortcut or nn.Identity()

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


def ir_unit(inputs, filters, stride):
    body = nn.Sequential(
        nn.BatchNorm2d(inputs), nn.Conv2d(inputs, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters),
        nn.PReLU(filters), nn.Conv2d(filters, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters))
    same = stride == 1 and inputs == filters
    return Residual(body, None if same else nn.Sequential(
        nn.Conv2d(inputs, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)))


def ir18(size, dimensions, units=(2, 2, 2, 2)):
    layers, channels = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.PReLU(64)], 64
    for filters, count in zip((64, 128, 256, 512), units):
        for i in range(count):
            layers.append(ir_unit(channels, filters, 2 if i == 0 else 1))
            channels = filters
    features = 512 * (size // 16) ** 2
    return nn.Sequential(
        *layers, nn.BatchNorm2d(512), nn.Flatten(), nn.Linear(features, dimensions), nn.BatchNorm1d(dimensions))


def activated(inputs, filters, kernel, stride=1, groups=1):
    return [nn.Conv2d(inputs, filters, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(filters), nn.PReLU(filters)]


def bottleneck(inputs, expansion, filters, stride):
    wide = inputs * expansion
    body = nn.Sequential(
        *activated(inputs, wide, 1), *activated(wide, wide, 3, stride, wide),
        nn.Conv2d(wide, filters, 1, bias=False), nn.BatchNorm2d(filters))
    return Residual(body) if stride == 1 and inputs == filters else body


def mobilefacenet(size, dimensions):
    layers, channels = [*activated(3, 64, 3, 2), *activated(64, 64, 3, 1, 64)], 64
    for expansion, filters, units, stride in [(2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1)]:
        for i in range(units):
            layers.append(bottleneck(channels, expansion, filters, stride if i == 0 else 1))
            channels = filters
    return nn.Sequential(
        *layers, *activated(128, 512, 1), nn.Conv2d(512, 512, size // 16, groups=512, bias=False), nn.BatchNorm2d(512),
        nn.Conv2d(512, dimensions, 1, bias=False), nn.BatchNorm2d(dimensions), nn.Flatten())


networks = {"plain-7": plain7, "mobilefacenet": mobilefacenet, "ir-18": ir18}
