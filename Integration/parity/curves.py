"""Loss curves on Fashion-MNIST from the same weights in the same order of examples, 100 steps of 64.

Training is chaotic: rounding grows from step to step, and jumps where a ReLU or a maximum flips. A second PyTorch run,
its initial weights moved by one unit in the last place, shows how much; rates and activations are chosen so that it
stays far below the limit. At greater rates no two programs can agree: on the lenet at 0.01, batch 128, PyTorch's own
Float32 leaves its Float64 by 5e-2.
"""

import gzip
import json
import os
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np
import torch
from fledge import Table, difference, exported, finish, fledge, train
from torch import Tensor, nn

batch, steps = 64, 100


def data_folder() -> Path:
    roots = [Path(root) for root in os.environ.get("FLEDGE_DATA", "").split(":") if root]
    folders = [folder for root in roots for folder in (root / "fashion-mnist", root)]
    for folder in [*folders, Path("/usr/share/datasets/fashion-mnist")]:
        if (folder / "train-images-idx3-ubyte.gz").is_file():
            return folder
    sys.exit("error: no Fashion-MNIST here: apt-get install dataset-fashion-mnist, or name its folder in FLEDGE_DATA")


def examples(folder: Path) -> tuple[Tensor, Tensor]:
    """The first training images, 0 to 1, and their labels, in the order of the files."""
    count = batch * steps
    with gzip.open(folder / "train-images-idx3-ubyte.gz") as file:
        pixels = np.frombuffer(file.read(16 + count * 784)[16:], np.uint8).reshape(-1, 1, 28, 28)
    with gzip.open(folder / "train-labels-idx1-ubyte.gz") as file:
        classes = np.frombuffer(file.read(8 + count)[8:], np.uint8)
    return torch.from_numpy(pixels / np.float32(255)), torch.from_numpy(classes.astype(np.int64))


def decaying(model: nn.Module, decay: float) -> list[dict]:
    """Parameter groups as Fledge has them: decay touches weights alone, neither biases nor batch-norm's factors."""
    weights = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


@dataclass
class Network:
    fledge: str
    pytorch: Callable[[], nn.Sequential]


mlp = Network(
    "mlp(hidden: [256, 128])",
    lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)))  # fmt: skip
lenet = Network(
    """conv(32, padding: valid), relu, conv(64, padding: valid), relu, max-pool, flatten, dense(128), relu,
    dense(10)""",
    lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10)))  # fmt: skip
normalized = Network(
    """conv(16, bias: false), batch-norm, silu, average-pool, conv(32, bias: false), batch-norm, elu, average-pool,
    flatten, dense(64, bias: false), batch-norm, tanh, dense(10)""",
    lambda: nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.SiLU(), nn.AvgPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ELU(), nn.AvgPool2d(2),
        nn.Flatten(), nn.Linear(1568, 64, bias=False), nn.BatchNorm1d(64), nn.Tanh(), nn.Linear(64, 10)))  # fmt: skip

Optimizer = Callable[[nn.Module], torch.optim.Optimizer]
cases: list[tuple[str, Network, str, Optimizer]] = [
    ("mlp", mlp, "adam(rate: 1e-3)", lambda m: torch.optim.Adam(m.parameters(), 1e-3)),
    ("mlp", mlp, "adamw(rate: 1e-3, weight-decay: 0.1)", lambda m: torch.optim.AdamW(decaying(m, 0.1), 1e-3)),
    ("mlp", mlp, "rmsprop(rate: 1e-4)", lambda m: torch.optim.RMSprop(m.parameters(), 1e-4)),
    ("lenet", lenet, "sgd(rate: 0.001, momentum: 0.9)", lambda m: torch.optim.SGD(m.parameters(), 0.001, 0.9)),
    ("batch-norm cnn", normalized, "sgd(rate: 0.01, momentum: 0.9, nesterov: true, weight-decay: 5e-3)",
     lambda m: torch.optim.SGD(decaying(m, 5e-3), 0.01, 0.9, nesterov=True)),
    ("batch-norm cnn", normalized, "adam(rate: 1e-3)", lambda m: torch.optim.Adam(m.parameters(), 1e-3)),
]  # fmt: skip


def losses(model: nn.Module, optimizer: torch.optim.Optimizer, images: Tensor, labels: Tensor) -> list[float]:
    values = []
    for start in range(0, batch * steps, batch):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[start : start + batch]), labels[start : start + batch])
        loss.backward()
        optimizer.step()
        values.append(loss.item())
    return values


def nudged(model: nn.Module) -> nn.Module:
    """A copy whose every parameter is the next greater or smaller Float32, at random."""
    copy = deepcopy(model)
    with torch.no_grad():
        for parameter in copy.parameters():
            parameter.copy_(parameter.nextafter(torch.where(torch.rand_like(parameter) < 0.5, inf, -inf)))
    return copy


def worst(ours: list[float], theirs: list[float]) -> float:
    return max(abs(a - b) / b for a, b in zip(ours, theirs, strict=True))


def main() -> None:
    folder = data_folder()
    dataset = f"fashion-mnist(folder: '{folder}', limit: {batch * steps})"
    images, labels = examples(folder)
    table = Table(
        f"Loss curves on Fashion-MNIST, Float32: {steps} steps of {batch}, initial weights PyTorch's, in file order.\n"
        "Loss: worst relative difference of a step. Moments: batch-norm's running ones after the last step.",
        72, {"loss": 1e-3, "moments": 1e-3, "loss, PyTorch nudged": inf})
    for name, network, optimizer, make in cases:
        torch.manual_seed(1)
        model = network.pytorch()
        run = train(dataset, network.fledge, optimizer, batch, model.state_dict())
        points = json.loads(fledge("metrics", run, "--name", "train.loss", "--json"))
        assert [point["step"] for point in points] == list(range(1, steps + 1)), "a loss of each step"
        other = nudged(model)
        theirs = losses(model, make(model), images, labels)
        ours = exported(run)
        moments = [difference(ours[key], value) for key, value in model.state_dict().items() if "running" in key]
        table.row(
            f"{name}, {optimizer}\n  loss {theirs[0]:.3f} → {theirs[-1]:.3f}",
            worst([point["value"] for point in points], theirs), max(moments, default=0.0),
            worst(losses(other, make(other), images, labels), theirs))
    finish()


main()
