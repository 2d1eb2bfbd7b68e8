"""Measures how the time and the memory of Fledge's step grow with batch and width; `scaling.sh` builds and starts it.

Growth is linear if the figures lie on a straight line, fixed costs and all: figure = a + b · size. The line is fitted so that
the sum of squared relative deviations is least. Widths are of one layer, whose arithmetic and parameters grow in
proportion to it.
"""

import argparse
import json
import os

from report import HERE, busy, facts, keep, output, say, table

BATCHES = (32, 64, 128, 256, 512, 1024)
LIMIT = 0.15
MLP = ("--input", "784", "--optimizer", "adam")
LENET = ("--input", "28x28x1", "--optimizer", "sgd(rate: 0.01, momentum: 0.9)")
# title, what grows, its sizes, the size → arguments of `fledge bench`, timed steps at the middle size
SERIES = [
    ("mlp", "batch", BATCHES, lambda size: (HERE / "workloads/mlp.yaml", "--batch", size), 100),
    ("lenet", "batch", BATCHES, lambda size: (HERE / "workloads/lenet.yaml", "--batch", size), 8),
    ("resnet20", "batch", BATCHES, lambda size: (HERE / "workloads/resnet20.yaml", "--batch", size), 4),
    ("mlp, 784-w-10", "width", (512, 1024, 2048, 4096),
     lambda size: (*MLP, "--batch", 128, "--model", f"dense({size}), relu, dense(10)"), 50),
    ("lenet, conv 32, conv w", "width", (64, 128, 256, 512),
     lambda size: (*LENET, "--batch", 128, "--model", f"conv(32, padding: valid), relu, conv({size}, padding: valid), relu, "
                   "max-pool, dropout(0.25), flatten, dense(128), relu, dropout(0.5), dense(10)"), 6),
]


def line(sizes, figures):
    """a and b of a + b · size, weighted so that relative deviations count."""
    weights = [1 / figure**2 for figure in figures]
    total = sum(weights)
    x = sum(weight * size for weight, size in zip(weights, sizes)) / total
    y = sum(weight * figure for weight, figure in zip(weights, figures)) / total
    slope = sum(weight * (size - x) * (figure - y) for weight, size, figure in zip(weights, sizes, figures))
    slope /= sum(weight * (size - x) ** 2 for weight, size in zip(weights, sizes))
    return y - slope * x, slope


def measure(options, arguments, middle, steps):
    """The reports of `fledge bench` for each size, a list a size, the sizes one after the other in every round."""
    reports = {size: [] for size in arguments}
    for turn in range(options.rounds):
        for size, words in arguments.items():
            count = min(max(3, round(options.scale * steps * middle / size)), 500)
            command = [options.fledge, "bench", *words, "--steps", count, "--threads", options.threads, "--json"]
            reports[size].append(json.loads(output(list(map(str, command)))))
            say(f"  {size}: {reports[size][-1]['median_ms']:.2f} ms in round {turn + 1}")
    return reports


def growth(options, title, what, sizes, arguments, steps):
    """The table of a series and its greatest deviations: (text, row of the summary)."""
    say(f"{title}: {what}")
    middle = sizes[(len(sizes) - 1) // 2]
    reports = measure(options, {size: arguments(size) for size in sizes}, middle, steps)
    # What others do on the machine, and what allocators keep, only adds.
    times = [min(report["median_ms"] for report in reports[size]) for size in sizes]
    memory = [min(report["peak_memory_bytes"] for report in reports[size]) / 1e6 for size in sizes]
    work = [reports[size][0]["floating_point_operations"] / 1e9 for size in sizes]
    columns = {}
    for name, figures in ("time", times), ("memory", memory):
        start, slope = line(sizes, figures)
        deviations = [figure / (start + slope * size) - 1 for size, figure in zip(sizes, figures)]
        columns[name] = (start, slope, deviations)
    at = sizes.index(middle)
    rows = [
        [str(size), f"{times[n]:.2f}", f"{times[n] / work[n] / (times[at] / work[at]):.2f}",
         f"{100 * columns['time'][2][n]:+.0f} %", f"{memory[n]:.0f}",
         f"{memory[n] / size / (memory[at] / middle):.2f}", f"{100 * columns['memory'][2][n]:+.0f} %"]
        for n, size in enumerate(sizes)
    ]
    head = [what, "ms", "ms per FLOP, relative", "off the line", "MB", f"MB per {what}, relative", "off the line"]
    lines = {
        name: f"{start:.2f} + {slope * middle:.2f} · {what}/{middle}" for name, (start, slope, _) in columns.items()}
    worst = {name: max(map(abs, deviations)) for name, (_, _, deviations) in columns.items()}
    text = f"**{title}, {what}**: ms ≈ {lines['time']}, MB ≈ {lines['memory']}\n\n{table(head, rows)}"
    return text, [f"{title}, {what}", *(f"**{100 * worst[name]:.0f} %**" for name in ("time", "memory"))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fledge", required=True, help="the built command")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all sizes (default: 3)")
    parser.add_argument("--scale", type=float, default=1, help="times the usual number of steps (default: 1)")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()), help="threads (default: 2)")
    parser.add_argument("--only", default="", help="series whose title begins so")
    parser.add_argument("--no-keep", action="store_true", help="leave RESULTS.md as it is, as --only does")
    options = parser.parse_args()
    load = os.getloadavg()
    busy(load)
    grown = [growth(options, *series) for series in SERIES if series[0].startswith(options.only)]
    if not grown:
        raise SystemExit(f"--only {options.only}: there are {', '.join(series[0] for series in SERIES)}")
    summary = table(["", "time off its line, at most", "memory off its line, at most"], [row for _, row in grown])
    text = f"""# Growth with batch and width

{facts([], options.threads, load, 'bash Integration/benchmarks/scaling.sh')}

A step's time, the median of the steps in the best of {options.rounds} rounds over all sizes, and the process's peak memory, against straight
lines through them with fixed costs (a + b · size, least squares of the relative deviations); the target is within
{100 * LIMIT:.0f} %. Relative figures are to the middle size: 1.00 throughout is growth in proportion, without fixed costs.

{summary}

{chr(10).join(text + chr(10) for text, _ in grown)}"""
    print(text)
    if not options.no_keep and not options.only:
        keep(text)


main()
