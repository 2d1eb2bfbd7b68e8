"""Measures training runs on the real Fashion-MNIST: the start, the memory, what checkpoints cost; `run.sh` starts it.

    python fashion_mnist.py FLEDGE
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time

MLP = ["--model", "flatten, dense(512), relu, dense(256), relu, dense(10)", "--optimizer", "adam"]
LENET = ["--model", "conv(32, padding: valid), relu, conv(64, padding: valid), relu, max-pool, dropout(0.25), "
         "flatten, dense(128), relu, dropout(0.5), dense(10)", "--optimizer", "sgd(rate: 0.01, momentum: 0.9)"]
STEPS_PER_EPOCH = math.ceil(54_000 / 128)


def train(fledge, dataset, *flags):
    """Seconds to the first step, seconds from there to the end of the process, its peak memory in bytes, steps."""
    command = [fledge, "train", "--dataset", dataset, "--epochs", "1", "--json", "--no-chart", *flags]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    first, steps = None, 0
    for line in process.stdout:
        if json.loads(line).get("event") == "step":
            first = first or time.perf_counter()
            steps += 1
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or first is None:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}, {steps} steps")
    return first - start, time.perf_counter() - first, usage.ru_maxrss * 1024, steps


def report(what, figure, limit=None):
    print(f"{what:<60}{figure:<16}{f'({limit})' if limit else ''}", flush=True)


def start(fledge):
    train(fledge, "fashion-mnist", *MLP)
    runs = [train(fledge, "fashion-mnist", *MLP) for _ in range(3)]
    report("launch to the first step on Fashion-MNIST", f"{statistics.median(run[0] for run in runs):.2f} s", "< 0.5 s")
    report("peak memory of that run", f"{max(run[2] for run in runs) / 1e6:.0f} MB", "< 400 MB")


def checkpoints(fledge, title, dataset, steps, every, model):
    """The time of one more checkpoint within an epoch, its writing included, against the time of an epoch.

    The least of three each, because what others do on the machine only adds.
    """
    with_them, without = [], []
    for _ in range(3):
        without.append(train(fledge, dataset, *model)[1])
        with_them.append(train(fledge, dataset, *model, "--checkpoint-every", str(every))[1])
    count = (steps - 1) // every
    each = (min(with_them) - min(without)) / count
    noise = (statistics.median(without) - min(without)) / count
    epoch = min(without) * STEPS_PER_EPOCH / steps
    figure = f"{100 * each / epoch:.2f} ± {100 * noise / epoch:.2f} %"
    report(f"a checkpoint's share of an epoch, {title} ({1000 * each:.0f} ms of {epoch:.1f} s)", figure, "< 1 %")


def main():
    fledge = sys.argv[1]
    start(fledge)
    checkpoints(fledge, "mlp", "fashion-mnist", STEPS_PER_EPOCH, 42, MLP)
    limit = 12_800
    checkpoints(fledge, "lenet", f"fashion-mnist(limit: {limit})", limit * 9 // 10 // 128, 10, LENET)


main()
