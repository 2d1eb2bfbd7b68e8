"""Times a training step of the benchmark networks in PyTorch, in the modes that its users choose from.

    python steps_pytorch.py NETWORK BATCH STEPS

Prints one JSON object: mode -> median milliseconds of a step (gather of the batch, forward, backward, update).
"""

import json
import statistics
import sys
import time

import torch
from torch import nn


def mlp():
    layers = [nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)]
    return nn.Sequential(*layers), (784,), lambda p: torch.optim.Adam(p, lr=1e-3)


def lenet():
    layers = [
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
    ]  # fmt: skip
    return nn.Sequential(*layers), (1, 28, 28), lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9)


def median_milliseconds(make, batch, steps, channels_last, fused):
    torch.manual_seed(0)
    model, shape, make_optimizer = make()
    images, targets = torch.rand(1024, *shape), torch.arange(1024) % 10
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimizer = make_optimizer(model.parameters())
    if fused:
        optimizer = type(optimizer)(model.parameters(), **{**optimizer.defaults, "fused": True, "foreach": False})
    loss_function = nn.CrossEntropyLoss()
    times = []
    for step in range(steps + 5):
        start = time.perf_counter()
        chosen = torch.randint(0, 1024, (batch,))
        optimizer.zero_grad(set_to_none=True)
        loss_function(model(images[chosen]), targets[chosen]).backward()
        optimizer.step()
        if step >= 5:
            times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main():
    network, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    make = {"mlp": mlp, "lenet": lenet}[network]
    torch.set_num_threads(int(sys.argv[4]) if len(sys.argv) > 4 else 2)
    results = {
        "eager": median_milliseconds(make, batch, steps, False, False),
        "fused optimizer": median_milliseconds(make, batch, steps, False, True),
    }
    if network != "mlp":
        results["channels_last"] = median_milliseconds(make, batch, steps, True, True)
    print(json.dumps(results))


main()
