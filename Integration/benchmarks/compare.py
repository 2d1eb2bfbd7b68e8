"""Times the workloads in Fledge and in its peers and writes the table of ratios; `compare.sh` builds and starts it.

The first round times every mode of every peer. The other rounds alternate Fledge with the best modes alone, each in a
process of its own, so that its peak memory is its own; a peer whose best mode is far from the best of all is not timed again.
Of a mode that was timed again only these later rounds count.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
STEPS = {"mlp": 200, "autoencoder": 80, "lenet": 16, "resnet20": 8, "vgg": 5}
BATCH = 128
WITHIN = 1.4  # times the best mode of all: further off, a mode is not timed again


class Series:
    """What the processes of one mode on one workload reported."""

    def __init__(self):
        self.discovery, self.rounds, self.peaks, self.shared_peak = None, [], [], None

    def milliseconds(self):
        return statistics.median(self.rounds) if self.rounds else self.discovery

    def memory(self):
        """Megabytes; the sign says that the process ran other modes as well."""
        if self.peaks:
            return f"{max(self.peaks) / 1e6:.0f}"
        return f"≤ {self.shared_peak / 1e6:.0f}" if self.shared_peak else "–"


def output(command):
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if result.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {result.stderr.strip()[-400:]}")
    return result.stdout


def peers():
    folder = pathlib.Path(os.environ.get("FLEDGE_PEERS", ROOT / ".peers"))
    found = {}
    for name, title, package, environment in [
        ("pytorch", "PyTorch", "torch", folder),
        ("tensorflow", "TensorFlow", "tensorflow-cpu", folder / "tensorflow"),
        ("jax", "JAX", "jax", folder / "jax"),
    ]:
        python = environment / "bin/python"
        try:
            version = output([python, "-c", f"from importlib.metadata import version; print(version('{package}'))"])
            found[name] = (title, version.strip(), python)
        except (OSError, RuntimeError):
            print(f"{title}: not in {environment}; Integration/benchmarks/install-peers.sh installs it", file=sys.stderr)
    return found


def is_reduced(mode):
    return mode.startswith("bfloat16")


def fledge_steps(options, workload, precision, steps):
    command = [options.fledge, "bench", HERE / f"workloads/{workload}.yaml", "--steps", str(steps), "--batch", str(BATCH)]
    command += ["--threads", str(options.threads), "--json"]
    if precision == "bfloat16":
        command += ["--precision", "bfloat16"]
    report = json.loads(output(command))
    return report["median_ms"], report["peak_memory_bytes"]


def peer_steps(options, name, python, workload, steps, modes=()):
    command = [python, HERE / f"steps_{name}.py", workload, str(BATCH), str(steps), str(options.threads)]
    report = json.loads(output(command + ([",".join(modes)] if modes else [])))
    return report["modes"], report["peak_bytes"]


def measure(options, workload, found, precisions):
    """The series of every mode: {(framework, mode): Series}."""
    steps = max(2, round(STEPS[workload] * options.scale))
    series = {("fledge", precision): Series() for precision in precisions}

    def time_fledge():
        for precision in precisions:
            milliseconds, peak = fledge_steps(options, workload, precision, steps)
            series["fledge", precision].rounds.append(milliseconds)
            series["fledge", precision].peaks.append(peak)

    for name, (title, _, python) in found.items():
        say(f"{workload}: {title}, every mode")
        try:
            modes, peak = peer_steps(options, name, python, workload, max(2, steps // 3))
        except RuntimeError as error:  # the table then has a dash
            say(str(error))
            continue
        for mode, milliseconds in modes.items():
            one = series[name, mode] = Series()
            one.discovery, one.shared_peak = milliseconds, peak
    contenders = set()
    for name in found:
        for any_precision in (False, True):
            mode = best_mode(series, name, any_precision)
            limit = WITHIN * (best_of_peers(series, found, any_precision) or 0)
            if mode and (name == "pytorch" or series[name, mode].discovery <= limit):
                contenders.add((name, mode))
    for turn in range(options.rounds):
        say(f"{workload}: round {turn + 1} of {options.rounds}")
        for name, mode in sorted(contenders) or [(None, None)]:
            time_fledge()
            if name:
                modes, peak = peer_steps(options, name, found[name][2], workload, steps, [mode])
                if mode in modes:
                    series[name, mode].rounds.append(modes[mode])
                    series[name, mode].peaks.append(peak)
    return series


def best_mode(series, framework, any_precision):
    """A mode that was timed once alone counts too: where that is kinder to the peer than to Fledge, so be it."""
    modes = [mode for name, mode in series if name == framework and (any_precision or not is_reduced(mode))]
    return min(modes, key=lambda mode: series[framework, mode].milliseconds(), default=None)


def best_of_peers(series, found, any_precision):
    return min(
        (series[name, mode].milliseconds() for name in found if (mode := best_mode(series, name, any_precision))),
        default=None)


def table(head, rows):
    return "\n".join(["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]])


def times_table(measured, found, precisions):
    head = ["workload", *(f"Fledge {precision}" for precision in precisions)]
    head += [f"{title} {kind}" for title, _, _ in found.values() for kind in ("float32", "any")]
    head += ["ratio float32", "ratio bfloat16"][: len(precisions)]
    rows = []
    for workload, series in measured.items():
        row = [workload, *(f"{series['fledge', precision].milliseconds():.2f}" for precision in precisions)]
        for name in found:
            for any_precision in (False, True):
                mode = best_mode(series, name, any_precision)
                row.append(f"{series[name, mode].milliseconds():.2f} ({mode})" if mode else "–")
        for precision in precisions:
            best = best_of_peers(series, found, precision != "float32")
            row.append(f"**{best / series['fledge', precision].milliseconds():.2f}**" if best else "–")
        rows.append(row)
    return table(head, rows)


def memory_table(measured, found, precisions):
    head = ["workload", *(f"Fledge {precision}" for precision in precisions)]
    head += [f"{title} float32" for title, _, _ in found.values()]
    rows = []
    for workload, series in measured.items():
        row = [workload, *(series["fledge", precision].memory() for precision in precisions)]
        for name in found:
            mode = best_mode(series, name, False)
            row.append(series[name, mode].memory() if mode else "–")
        rows.append(row)
    return table(head, rows)


def all_modes(measured, found):
    lines = []
    for workload, series in measured.items():
        for name, (title, _, _) in found.items():
            modes = [f"{mode} {one.discovery:.1f}" for (peer, mode), one in series.items() if peer == name]
            lines.append(f"- {workload}, {title}: " + ", ".join(modes))
    return "\n".join(lines)


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    flags = (re.search(r"^flags\s*: (.*)$", text, re.MULTILINE) or [None, ""])[1].split()
    kinds = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "amx_tile") if flag in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model[1] if model else platform.machine()} ({', '.join(kinds)}), {os.cpu_count()} processors, {memory:.0f} GiB"


def page(options, measured, found, precisions, load):
    try:
        revision = output(["git", "describe", "--always", "--dirty"]).strip()
    except (OSError, RuntimeError):
        revision = "of an unknown revision"
    versions = [f"Fledge {revision}", *(f"{title} {version}" for title, version, _ in found.values())]
    reduced = "" if "bfloat16" in precisions else "This Fledge has no bfloat16: `fledge bench` offers no `--precision`.\n\n"
    return f"""# Training steps beside the peers

- machine: {machine()}, {platform.system()} {platform.release()}
- threads: {options.threads}; load before {load[0]:.1f}, after {os.getloadavg()[0]:.1f}
- versions: {', '.join(versions)}
- date: {datetime.date.today()}
- again: `bash Integration/benchmarks/install-peers.sh && bash Integration/benchmarks/compare.sh {' '.join(options.said)}`

Milliseconds a step, batch {BATCH}, synthetic data in memory: gather of the batch, forward, backward, update. The median of
{options.rounds} round{'s' * (options.rounds > 1)} that alternate (A B A B …). Ratios are the best peer mode's time over Fledge's: Float32 against the best
Float32 mode, bfloat16 against the best mode of any precision.

{times_table(measured, found, precisions)}

{reduced}Peak memory of the process (MB); ≤ where the process ran other modes as well:

{memory_table(measured, found, precisions)}

Every mode, timed once and briefly to find the best (ms):

{all_modes(measured, found)}
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fledge", required=True, help="the built command")
    parser.add_argument("--rounds", type=int, default=2, help="rounds that alternate (default: 2)")
    parser.add_argument("--scale", type=float, default=1, help="times the usual number of steps (default: 1)")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()), help="threads of each (default: 2)")
    parser.add_argument("--workloads", default=",".join(STEPS), help="some of " + ", ".join(STEPS))
    parser.add_argument("--no-keep", action="store_true", help="leave RESULTS.md as it is, as a part of the workloads does")
    options = parser.parse_args()
    options.said = [word for word in sys.argv[1:] if word not in ("--fledge", options.fledge)]
    load = os.getloadavg()
    if load[0] > 0.5:
        say(f"warning: the load is {load[0]:.1f}; frameworks suffer from a busy machine unequally, so the ratios will mislead")
    found = peers()
    offered = output([options.fledge, "bench", "--help"])
    precisions = ["float32", *(["bfloat16"] if "--precision" in offered else [])]
    measured = {name: measure(options, name, found, precisions) for name in options.workloads.split(",")}
    text = page(options, measured, found, precisions, load)
    print(text)
    if found and set(measured) == set(STEPS) and not options.no_keep:
        (HERE / "RESULTS.md").write_text(text)


main()
