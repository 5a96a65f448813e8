"""Measures PyTorch for `benchmarks/run steps`.

    pytorch_steps.py CONTESTANT NETWORK FILE BATCH SECONDS PASSES

CONTESTANT: pytorch (fp32 as it comes), pytorch-tuned (bf16 autocast, channels-last),
pytorch-tuned-frozen (the same, batch norms in evaluation mode), pytorch-compiled (tuned, under
torch.compile). FILE is not read: the networks are built here, as torchvision and timm build them.
Prints a line "NAME RATE" in images per second for each pass. Needs torch alone.
"""

import contextlib
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional

CLASSES = 1000
SIDE = 224
LEARNING_RATE = 1e-6
MOMENTUM = 0.9


def normed(inputs, outputs, kernel, stride=1, groups=1):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]


class Residual(nn.Module):
    """A block of He et al. 2016: two convolutions, or a bottleneck of three."""

    def __init__(self, inputs, inner, stride, bottleneck):
        super().__init__()
        outputs = inner * (4 if bottleneck else 1)
        if bottleneck:
            layers = normed(inputs, inner, 1) + [nn.ReLU(inplace=True)]
            layers += normed(inner, inner, 3, stride) + [nn.ReLU(inplace=True)]
            layers += normed(inner, outputs, 1)
        else:
            layers = normed(inputs, inner, 3, stride) + [nn.ReLU(inplace=True)]
            layers += normed(inner, outputs, 3)
        self.branch = nn.Sequential(*layers)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(*normed(inputs, outputs, 1, stride))

    def forward(self, x):
        return functional.relu(self.branch(x) + self.shortcut(x), inplace=True)


def resnet(blocks, bottleneck):
    layers = normed(3, 64, 7, 2) + [nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    width = 64
    for stage, count in enumerate(blocks):
        for i in range(count):
            stride = 2 if i == 0 and stage > 0 else 1
            layers.append(Residual(width, 64 << stage, stride, bottleneck))
            width = (64 << stage) * (4 if bottleneck else 1)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()), width


class Inverted(nn.Module):
    """A block of Sandler et al. 2018, figure 4d."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        inner = inputs * expansion
        layers = []
        if expansion != 1:
            layers += normed(inputs, inner, 1) + [nn.ReLU6(inplace=True)]
        layers += normed(inner, inner, 3, stride, inner) + [nn.ReLU6(inplace=True)]
        self.layers = nn.Sequential(*layers, *normed(inner, outputs, 1))
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.adds else self.layers(x)


def mobilenetv2():
    layers = normed(3, 32, 3, 2) + [nn.ReLU6(inplace=True)]
    width = 32
    stages = [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
        (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ]
    for expansion, outputs, count, stride in stages:
        for i in range(count):
            layers.append(Inverted(width, outputs, stride if i == 0 else 1, expansion))
            width = outputs
    layers += normed(width, 1280, 1) + [nn.ReLU6(inplace=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten()), 1280


class EncoderLayer(nn.Module):
    """A layer of Dosovitskiy et al. 2021 with PyTorch's fused attention, as in timm."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x):
        n, tokens, width = x.shape
        parts = self.qkv(self.norm1(x)).reshape(n, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        x = x + self.out(mixed.transpose(1, 2).reshape(n, tokens, width))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, width=384, depth=12, heads=6, patch=16):
        super().__init__()
        self.patches = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        count = (SIDE // patch) ** 2 + 1
        self.positions = nn.Parameter(torch.randn(1, count, width) * 0.02)
        self.layers = nn.Sequential(*[EncoderLayer(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.positions
        return self.norm(self.layers(x))[:, 0]


NETWORKS = {
    "mobilenetv2": mobilenetv2,
    "resnet18": lambda: resnet([2, 2, 2, 2], False),
    "resnet50": lambda: resnet([3, 4, 6, 3], True),
    "vit-s": lambda: (VisionTransformer(), 384),
}


def checked(run):
    value = run()
    if not math.isfinite(value):
        raise ArithmeticError(f"the network gave {value}, expected a finite number")


def repeat(run, seconds):
    start = time.perf_counter()
    passes = 0
    while passes == 0 or time.perf_counter() - start < seconds:
        checked(run)
        passes += 1
    return passes


def measure(name, images, seconds, run):
    """As StepClock does: warms up for half the time, then measures."""
    start = time.perf_counter()
    checked(run)
    if time.perf_counter() - start < seconds:
        repeat(run, seconds / 2)
    start = time.perf_counter()
    passes = repeat(run, seconds)
    print(f"{name} {images * passes / (time.perf_counter() - start):.6e}", flush=True)


def main():
    contestant, network, _, batch, seconds, passes = sys.argv[1:]
    batch, seconds = int(batch), float(seconds)
    torch.manual_seed(1)
    trunk, width = NETWORKS[network]()
    model = nn.Sequential(trunk, nn.Linear(width, CLASSES))
    images = torch.randn(batch, 3, SIDE, SIDE)
    labels = torch.randint(0, CLASSES, (batch,))
    precision = contextlib.nullcontext
    if contestant != "pytorch":
        model = model.to(memory_format=torch.channels_last)
        images = images.to(memory_format=torch.channels_last)

        def precision():
            return torch.autocast("cpu", dtype=torch.bfloat16)

    extract, train = trunk, model
    if contestant == "pytorch-compiled":
        extract, train = torch.compile(trunk), torch.compile(model)

    if "features" in passes.split(","):
        model.eval()

        def features():
            with torch.inference_mode(), precision():
                return extract(images)[0, 0].item()

        measure("features", batch, seconds, features)

    if "step" in passes.split(","):
        model.train(contestant != "pytorch-tuned-frozen")
        optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE, MOMENTUM)

        def step():
            optimizer.zero_grad()
            with precision():
                loss = functional.cross_entropy(train(images), labels)
            loss.backward()
            optimizer.step()
            return loss.item()

        measure("step", batch, seconds, step)


if __name__ == "__main__":
    main()
