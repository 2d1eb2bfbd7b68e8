"""Runs the program named by $FLEDGE, and judges what it prints against PyTorch's numbers."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

Weights = Mapping[str, Tensor]


def fledge(*arguments: str | Path | int) -> str:
    """What `fledge arguments…` prints."""
    command = [os.environ["FLEDGE"], *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"error: {' '.join(command)[:2000]}\nexit status {result.returncode}: {result.stderr}")
    return result.stdout


def train(dataset: str, model: str, optimizer: str, batch: int, initial: Weights | None = None) -> str:
    """One epoch in the order of the file; the run's id."""
    flags = ["--dataset", dataset, "--model", model, "--optimizer", optimizer, "--batch", batch, "--epochs", 1]
    flags += ["--shuffle", "false", "--validation", 0, "--quiet"]
    with TemporaryDirectory() as folder:
        if initial is not None:
            file = Path(folder, "initial.safetensors")
            save_file({name: value.contiguous() for name, value in initial.items()}, file)
            flags += ["--initial-weights", file]
        return fledge("train", *flags).strip()


def exported(run: str) -> dict[str, Tensor]:
    """The weights of a run, read by the safetensors library."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "model.safetensors")
        fledge("export", run, "--format", "safetensors", "--output", file)
        return load_file(file)


def predictions(run: str, inputs: Tensor) -> Tensor:
    """The outputs of a run's model, [batch, outputs]."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "inputs.json")
        file.write_text(json.dumps(inputs.tolist()))
        return torch.tensor([row["outputs"] for row in json.loads(fledge("predict", run, file, "--json"))])


def load(model: nn.Module, weights: Weights) -> None:
    """Loads with strict=True. Fledge does not count batch-norm's batches: the model keeps its own count."""
    counts = {name: value for name, value in model.state_dict().items() if name.endswith("num_batches_tracked")}
    model.load_state_dict({**counts, **weights}, strict=True)


def difference(ours: Any, theirs: Any) -> float:
    """The greatest difference, relative to the greatest magnitude of `theirs`; infinite if the shapes differ."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape:
        return float("inf")
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), np.finfo(np.float32).tiny))


class Table:
    """Rows of a name and differences, each column with the limit that its figures must not pass.

    Only the last line of a name stands beside the figures.
    """

    failed = False

    def __init__(self, title: str, width: int, limits: dict[str, float]) -> None:
        self.width, self.limits = width, limits
        print(f"\n{title}")
        print(" " * width + "".join(f"{heading:>24}" for heading in limits))
        print(f"{'(limit)':<{width}}" + "".join(f"{limit:>24g}" for limit in limits.values()), flush=True)

    def row(self, name: str, *figures: float) -> None:
        cells = ""
        for figure, limit in zip(figures, self.limits.values(), strict=True):
            passes = figure <= limit
            Table.failed |= not passes
            shown = str(figure) if isinstance(figure, int) else f"{figure:.1e}"
            cells += f"{shown if passes else 'FAILED ' + shown:>24}"
        *above, last = name.split("\n")
        print(*above, f"{last:<{self.width}}{cells}", sep="\n", flush=True)


def finish() -> None:
    sys.exit(1 if Table.failed else 0)
