"""Times a training step of the benchmark networks in PyTorch, in the modes that its users choose from.

    python steps_pytorch.py NETWORK BATCH STEPS [THREADS [MODES]]

Prints one JSON object: {"modes": {mode: median milliseconds}, "peak_bytes": …}. A step is the gather of the batch, forward,
backward and update.
"""

import json
import resource
import statistics
import sys
import time

import torch
from torch import nn


def convolution(inputs, outputs, stride=1, kernel=3):
    return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(*convolution(inputs, outputs, stride), nn.ReLU(), *convolution(outputs, outputs))
        self.shortcut = nn.Sequential(*convolution(inputs, outputs, stride, 1)) if inputs != outputs else nn.Identity()

    def forward(self, x):
        return torch.relu(self.body(x) + self.shortcut(x))


def mlp():
    return [nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)], (784,)


def lenet():
    features = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25)]
    head = [nn.Flatten(), nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)]
    return features + head, (1, 28, 28)


def vgg():
    layers, channels = [], 3
    for width in (64, 128, 256):
        for _ in range(2):
            layers += convolution(channels, width) + [nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return layers + [nn.Flatten(), nn.Linear(256 * 16, 256), nn.ReLU(), nn.Linear(256, 10)], (3, 32, 32)


def resnet20():
    layers, channels = convolution(3, 16) + [nn.ReLU()], 16
    for width in (16, 32, 64):
        for block in range(3):
            layers.append(Residual(channels, width, 2 if block == 0 and width > 16 else 1))
            channels = width
    return layers + [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)], (3, 32, 32)


def autoencoder():
    layers, widths = [], [784, 1000, 500, 250, 30, 250, 500, 1000, 784]
    for index, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layers.append(nn.Linear(inputs, outputs))
        if outputs != 30:
            layers.append(nn.Sigmoid() if index == len(widths) - 2 else nn.ReLU())
    return layers, (784,)


def median_milliseconds(network, batch, steps, channels_last=False, fused=False, compiled=False, bfloat16=False):
    torch.manual_seed(0)
    layers, shape = {"mlp": mlp, "lenet": lenet, "vgg": vgg, "resnet20": resnet20, "autoencoder": autoencoder}[network]()
    model = nn.Sequential(*layers)
    images = torch.rand(1024, *shape)
    targets = images if network == "autoencoder" else torch.arange(1024) % 10
    if channels_last:
        model, images = model.to(memory_format=torch.channels_last), images.contiguous(memory_format=torch.channels_last)
    if network in ("mlp", "autoencoder"):
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=fused)
    loss_function = nn.MSELoss() if network == "autoencoder" else nn.CrossEntropyLoss()
    forward = torch.compile(model) if compiled else model
    times = []
    for step in range(steps + 3):
        start = time.perf_counter()
        chosen = torch.randint(0, 1024, (batch,))
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            loss = loss_function(forward(images[chosen]), targets[chosen])
        loss.backward()
        optimizer.step()
        if step >= 3:
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    network, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(int(sys.argv[4]) if len(sys.argv) > 4 else 2)
    modes = {"eager": {}, "fused": {"fused": True}, "compiled": {"fused": True, "compiled": True}}
    if network not in ("mlp", "autoencoder"):
        modes["channels_last"] = {"fused": True, "channels_last": True}
    modes["bfloat16"] = {"fused": True, "bfloat16": True, "channels_last": network not in ("mlp", "autoencoder")}
    results = {}
    for name in sys.argv[5].split(",") if len(sys.argv) > 5 else modes:
        try:
            results[name] = median_milliseconds(network, batch, steps, **modes[name])
        except Exception as error:  # a mode that this machine lacks, such as a compiler
            print(f"{name}: {type(error).__name__}", file=sys.stderr)
    print(json.dumps({"modes": results, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
