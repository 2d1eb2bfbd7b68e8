"""Times the workloads in Fledge and in its peers and writes the table of ratios; `compare.sh` builds and starts it.

The first round times every mode of every peer. The other rounds alternate Fledge with the best modes alone, each in a
process of its own, so that its peak memory is its own; a peer whose best mode is far from the best of all is not timed again.
Of a mode that was timed again only these later rounds count: the median of the rounds, each the median of its steps.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from report import HERE, ROOT, busy, facts, keep, output, peers, say, table

STEPS = {"mlp": 200, "autoencoder": 80, "lenet": 16, "resnet20": 8, "vgg": 5}
BATCH = 128
WITHIN = 1.4  # times the best mode of all: further off, a mode is not timed again
TARGETS = {
    "float32": {"mlp": 2.0, "autoencoder": 2.0, "lenet": 2.0, "resnet20": 1.6, "vgg": 2.0},
    "bfloat16": {"mlp": 3.0, "autoencoder": 3.0, "lenet": 1.7, "resnet20": 1.7, "vgg": 1.7},
}


class Series:
    """What the processes of one mode on one workload reported."""

    def __init__(self):
        self.discovery, self.peaks, self.shared_peak = None, [], None
        self.rounds = {}  # {(number, with what it alternated): milliseconds}

    def milliseconds(self):
        return statistics.median(self.rounds.values()) if self.rounds else self.discovery

    def spread(self):
        """Least and greatest of the rounds."""
        return f"{min(self.rounds.values()):.2f} … {max(self.rounds.values()):.2f}" if self.rounds else "once"

    def ratios(self, other):
        """How many times slower it was than the other, next to each other in each round."""
        return [self.rounds[key] / other.rounds[key] for key in self.rounds if key in other.rounds]

    def memory(self):
        """Megabytes; the sign says that the process ran other modes as well."""
        if self.peaks:
            return f"{max(self.peaks) / 1e6:.0f}"
        return f"≤ {self.shared_peak / 1e6:.0f}" if self.shared_peak else "–"


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

    def time_fledge(key):
        for precision in precisions:
            milliseconds, peak = fledge_steps(options, workload, precision, steps)
            series["fledge", precision].rounds[key] = milliseconds
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
            best = best_of_peers(series, found, any_precision)
            if mode and (name == "pytorch" or series[name, mode].discovery <= WITHIN * series[best].discovery):
                contenders.add((name, mode))
    for turn in range(options.rounds):
        say(f"{workload}: round {turn + 1} of {options.rounds}")
        for name, mode in sorted(contenders) or [(None, None)]:
            time_fledge((turn, name, mode))
            if name:
                modes, peak = peer_steps(options, name, found[name][2], workload, steps, [mode])
                if mode in modes:
                    series[name, mode].rounds[turn, name, mode] = modes[mode]
                    series[name, mode].peaks.append(peak)
    return series


def best_mode(series, framework, any_precision):
    """A mode that was timed once alone counts too: where that is kinder to the peer than to Fledge, so be it."""
    modes = [mode for name, mode in series if name == framework and (any_precision or not is_reduced(mode))]
    return min(modes, key=lambda mode: series[framework, mode].milliseconds(), default=None)


def best_of_peers(series, found, any_precision):
    """(framework, mode), or None without peers."""
    modes = [(name, mode) for name in found if (mode := best_mode(series, name, any_precision))]
    return min(modes, key=lambda key: series[key].milliseconds(), default=None)


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
            row.append(ratio(series, found, precision, TARGETS[precision][workload]))
        rows.append(row)
    return table(head, rows)


def ratio(series, found, precision, target):
    """The best peer mode's time over Fledge's, the range of the rounds in which the two alternated, and the target."""
    fledge, best = series["fledge", precision], best_of_peers(series, found, precision != "float32")
    if best is None:
        return "–"
    rounds = series[best].ratios(fledge)
    spread = f"{min(rounds):.2f} … {max(rounds):.2f}; " if rounds else ""
    return f"**{series[best].milliseconds() / fledge.milliseconds():.2f}** ({spread}≥ {target})"


def memory_table(measured, found, precisions):
    head = ["workload", *(f"Fledge {precision}" for precision in precisions)]
    head += [f"{title} float32" for title, _, _ in found.values()] + ["part of PyTorch's"]
    rows = []
    for workload, series in measured.items():
        row = [workload, *(series["fledge", precision].memory() for precision in precisions)]
        for name in found:
            mode = best_mode(series, name, False)
            row.append(series[name, mode].memory() if mode else "–")
        pytorch = best_mode(series, "pytorch", False)
        own = max(series["fledge", "float32"].peaks)
        peaks = series["pytorch", pytorch].peaks if pytorch else []
        row.append(f"**{own / max(peaks):.2f}** (≤ 0.5)" if peaks else "–")
        rows.append(row)
    return table(head, rows)


def rounds_list(measured):
    lines = []
    for workload, series in measured.items():
        modes = [f"{name} {mode} {one.spread()}" for (name, mode), one in series.items() if one.rounds]
        lines.append(f"- {workload}: " + ", ".join(modes))
    return "\n".join(lines)


def all_modes(measured, found):
    lines = []
    for workload, series in measured.items():
        for name, (title, _, _) in found.items():
            modes = [f"{mode} {one.discovery:.1f}" for (peer, mode), one in series.items() if peer == name]
            lines.append(f"- {workload}, {title}: " + ", ".join(modes))
    return "\n".join(lines)


def first_steps(options, workload):
    """Seconds from launch to the end of the first step: without remembered plans, and the median of three with them."""
    with tempfile.TemporaryDirectory() as folder:
        command = [options.fledge, "train", "--recipe", HERE / f"workloads/{workload}.yaml", "--batch", str(BATCH)]
        command += ["--epochs", "1", "--threads", str(options.threads), "--store", f"{folder}/store.sqlite"]
        command += ["--json", "--no-chart"]
        times = []
        for _ in range(4):
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
            for line in process.stdout:
                if json.loads(line).get("event") == "step":
                    times.append(time.perf_counter() - start)
                    break
            process.communicate()  # to the end of the run, which is what remembers
            if process.returncode:
                raise RuntimeError(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return times[0], statistics.median(times[1:])


def first_step_table(options, workloads):
    rows = []
    for workload in workloads:
        say(f"{workload}: launch to the first step")
        cold, warm = first_steps(options, workload)
        rows.append([workload, f"{cold:.2f}", f"**{warm:.2f}** (≤ 0.5)"])
    return table(["workload", "with an empty store", "again"], rows)


def page(options, measured, found, precisions, load):
    versions = [f"{title} {version}" for title, version, _ in found.values()]
    reduced = "" if "bfloat16" in precisions else "This Fledge has no bfloat16: `fledge bench` offers no `--precision`.\n\n"
    again = "bash Integration/benchmarks/install-peers.sh && bash Integration/benchmarks/compare.sh " + " ".join(options.said)
    return f"""# Training steps beside the peers

{facts(versions, options.threads, load, again)}

Milliseconds a step, batch {BATCH}, synthetic data in memory: gather of the batch, forward, backward, update. The median of
{options.rounds} round{'s' * (options.rounds > 1)} that alternate (A B A B …), each the median of its steps. Ratios are the best peer mode's time over Fledge's:
Float32 against the best Float32 mode, bfloat16 against the best mode of any precision; in brackets the range of the rounds
in which the two alternated, and the target.

{times_table(measured, found, precisions)}

{reduced}Peak memory of the process (MB); ≤ where the process ran other modes as well:

{memory_table(measured, found, precisions)}

Seconds from launch to the end of the first step of `fledge train`, synthetic data made in them:

{first_step_table(options, measured)}

Least and greatest of the rounds (ms):

{rounds_list(measured)}

Every mode, timed once and briefly to find the best (ms):

{all_modes(measured, found)}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fledge", required=True, help="the built command")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that alternate (default: 3)")
    parser.add_argument("--scale", type=float, default=1, help="times the usual number of steps (default: 1)")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()), help="threads of each (default: 2)")
    parser.add_argument("--workloads", default=",".join(STEPS), help="some of " + ", ".join(STEPS))
    parser.add_argument("--no-keep", action="store_true", help="leave RESULTS.md as it is, as a part of the workloads does")
    options = parser.parse_args()
    options.said = [word for word in sys.argv[1:] if word not in ("--fledge", options.fledge)]
    load = os.getloadavg()
    busy(load)
    found = peers()
    offered = output([options.fledge, "bench", "--help"])
    precisions = ["float32", *(["bfloat16"] if "--precision" in offered else [])]
    measured = {name: measure(options, name, found, precisions) for name in options.workloads.split(",")}
    text = page(options, measured, found, precisions, load)
    print(text)
    if found and set(measured) == set(STEPS) and not options.no_keep:
        keep(text)


main()
