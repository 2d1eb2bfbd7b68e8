"""Times an epoch of Fashion-MNIST in Fledge and in PyTorch with torchvision; `epoch.sh` builds and starts it.

Both read the 60,000 images from the IDX files, crop at random within a border of two pixels, flip, normalise, and train lenet
(SGD 0.9, batch 128, Float32). Briefly first, PyTorch with both kinds of transforms and layouts, then with every number of
workers and threads; then Fledge and PyTorch's best alternate.
"""

import argparse
import gzip
import itertools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from report import HERE, ROOT, busy, facts, keep, output, peers, say, table

FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
IMAGES, BATCH = 60_000, 128
TARGET = 3.0


def unpack(target):
    """The IDX files where torchvision looks for them; false if there are none."""
    folders = [pathlib.Path(name) for name in os.environ.get("FLEDGE_DATA", "").split(":") if name]
    places = [place for folder in folders for place in (folder / "fashion-mnist", folder)]
    for place in [*places, ROOT / "data/fashion-mnist", pathlib.Path("/usr/share/datasets/fashion-mnist")]:
        packed = [place / f"{name}.gz" for name in FILES]
        plain = [place / name for name in FILES]
        if not all(one.exists() or other.exists() for one, other in zip(packed, plain)):
            continue
        raw = target / "FashionMNIST/raw"
        raw.mkdir(parents=True)
        for source, other, name in zip(packed, plain, FILES):
            with (gzip.open(source) if source.exists() else other.open("rb")) as old, (raw / name).open("wb") as new:
                shutil.copyfileobj(old, new)
        return True
    return False


def steps(options):
    return -(-options.images // BATCH)


def fledge_epoch(options, store):
    """Seconds from the start of training to the end of the last step, and of the process; the loss of the epoch."""
    command = [options.fledge, "train", "--recipe", HERE / "workloads/lenet.yaml", "--dataset", f"fashion-mnist(limit: {options.images})"]
    command += ["--preprocess", "scale, channel-standardize", "--augment", "random-crop(padding: 2), horizontal-flip"]
    command += ["--metrics", "none", "--validation", "0", "--epochs", "1", "--batch", str(BATCH)]
    last = steps(options)
    command += ["--log-every", str(last), "--threads", str(options.threads), "--store", store, "--json", "--no-chart"]
    launch = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    begun = ended = loss = None
    for line in process.stdout:
        event, now = json.loads(line), time.perf_counter()
        if event["event"] == "started":
            begun = now
        elif event["event"] == "step" and event["step"] == last:
            ended = now
        elif event["event"] == "epoch":
            loss = event["train"].get("loss")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or begun is None or ended is None:
        raise SystemExit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return {
        "seconds": ended - begun, "whole": time.perf_counter() - launch, "loss": loss,
        "peak_bytes": usage.ru_maxrss * 1024}


def pytorch_epoch(python, data, mode, batches):
    launch = time.perf_counter()
    command = [python, HERE / "epoch_pytorch.py", data, *mode, batches]
    report = json.loads(output(list(map(str, command))))
    return {**report, "whole": time.perf_counter() - launch}


def title(mode):
    workers, threads, kind, layout = mode
    return f"{workers} workers, {threads} threads, {kind} transforms, {layout}"


def discover(options, python, data):
    """Seconds of a brief piece of an epoch: {mode: seconds}."""
    times = {}

    def time_mode(mode):
        if mode not in times:
            times[mode] = pytorch_epoch(python, data, mode, options.batches)["seconds"]
            say(f"PyTorch, {title(mode)}: {times[mode]:.1f} s for {options.batches} batches")

    for kind, layout in itertools.product(("pil", "tensor"), ("contiguous", "channels_last")):
        time_mode((min(2, options.threads), options.threads, kind, layout))
    _, _, kind, layout = min(times, key=times.get)
    for workers, threads in itertools.product((0, 1, 2), range(1, options.threads + 1)):
        time_mode((workers, threads, kind, layout))
    return times


def median(runs, what):
    return statistics.median(run[what] for run in runs)


def row(name, runs):
    seconds = [run["seconds"] for run in runs]
    return [
        name, f"{median(runs, 'seconds'):.1f} ({min(seconds):.1f} … {max(seconds):.1f})", f"{median(runs, 'whole'):.1f}",
        f"{max(run['peak_bytes'] for run in runs) / 1e6:.0f}", f"{median(runs, 'loss'):.3f}"]


def page(options, load, version, mode, brief, ours, theirs):
    ratio = median(theirs, "seconds") / median(ours, "seconds")
    whole = median(theirs, "whole") / median(ours, "whole")
    modes = "\n".join(f"- {title(mode)}: {seconds:.1f}" for mode, seconds in sorted(brief.items(), key=lambda item: item[1]))
    return f"""# An epoch of Fashion-MNIST beside PyTorch

{facts(version, options.threads, load, 'bash Integration/benchmarks/install-peers.sh && bash Integration/benchmarks/epoch.sh')}

The {options.images:,} images from the IDX files, random-crop with a border of two, horizontal-flip, normalisation, lenet, SGD 0.9, batch 128,
Float32. PyTorch with a DataLoader and torchvision's transforms, in its best mode here: {title(mode)}.
Seconds from the start of training to the end of the last step, the median of {options.rounds} rounds that alternate; the whole process
with its start, and for Fledge also the evaluation of 10,000 test images and a checkpoint; the peak memory of the training process.

{table(["", "epoch (s)", "whole process (s)", "memory (MB)", "mean loss"], [row("Fledge", ours), row("PyTorch", theirs)])}

Ratio of the epoch **{ratio:.2f}** (≥ {TARGET}), of the whole process {whole:.2f}.

PyTorch's modes, {options.batches} batches once each to find the best (s):

{modes}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fledge", required=True, help="the built command")
    parser.add_argument("--rounds", type=int, default=2, help="rounds that alternate (default: 2)")
    parser.add_argument("--batches", type=int, default=60, help="batches to find PyTorch's best mode with (default: 60)")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()), help="threads of each (default: 2)")
    parser.add_argument("--images", type=int, default=IMAGES, help="fewer, for a trial that is not kept (default: all)")
    parser.add_argument("--no-keep", action="store_true", help="leave RESULTS.md as it is")
    options = parser.parse_args()
    load = os.getloadavg()
    busy(load)
    found = peers("pytorch")
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder)
        if not unpack(data):
            raise SystemExit("no Fashion-MNIST here: apt-get install dataset-fashion-mnist, or name its folder in FLEDGE_DATA")
        store = f"{folder}/store.sqlite"
        fledge_epoch(options, store)  # remembers the plan
        if not found:
            raise SystemExit(f"Fledge alone: {fledge_epoch(options, store)['seconds']:.1f} s an epoch")
        python = found["pytorch"][2]
        try:
            vision = output([python, "-c", "import torchvision; print(torchvision.__version__)"]).strip()
        except RuntimeError:
            raise SystemExit(f"no torchvision in {python.parent.parent}; Integration/benchmarks/install-peers.sh installs it")
        brief = discover(options, python, data)
        mode = min(brief, key=brief.get)
        ours, theirs = [], []
        for turn in range(options.rounds):
            say(f"round {turn + 1} of {options.rounds}")
            ours.append(fledge_epoch(options, store))
            theirs.append(pytorch_epoch(python, data, mode, steps(options)))
    version = [f"PyTorch {found['pytorch'][1]}", f"torchvision {vision}"]
    text = page(options, load, version, mode, brief, ours, theirs)
    print(text)
    if not options.no_keep and options.images == IMAGES:
        keep(text)


main()
