#!/usr/bin/env bash
# Prints the figures that Fledge is measured by, a line each with its limit, beside PyTorch's where `install-peers.sh` has
# installed it (`compare.sh` times every workload beside every peer). Machines are noisy: ratios come from measurements that
# alternate (A B A B …), and only ratios within one run count. FLEDGE_BINARIES names a folder of built commands to take
# instead of building them.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/packages.sh
require_packages hyperfine python3 "${build_packages[@]}" >/dev/null
binaries=${FLEDGE_BINARIES:-}
if [ -z "$binaries" ]; then
  swift build -c release --product fledge >/dev/null
  swift build -c release --product StoreBenchmark >/dev/null
  binaries=$(swift build -c release --show-bin-path)
fi
fledge=$binaries/fledge
python=${FLEDGE_PEERS:-$PWD/.peers}/bin/python
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export FLEDGE_STORE=$scratch/store.sqlite

# say WHAT FIGURE [LIMIT]
say() { printf '%-60s%-16s%s\n' "$1" "$2" "${3:+($3)}"; }
median() { hyperfine --warmup 3 --shell=none --export-json "$scratch/times.json" "$@" >/dev/null 2>&1 &&
  python3 -c "import json; print(f\"{1000 * json.load(open('$scratch/times.json'))['results'][0]['median']:.1f} ms\")"; }

echo "== machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(swift --version 2>/dev/null | head -n 1)"
echo "== load: $(cut -d ' ' -f 1-3 /proc/loadavg) (above 0.5 before the start, others are using the machine)"

echo "== training steps, batch 128 (ms; ratio: the best PyTorch mode in Float32 / Fledge, the limit in brackets)"
for workload in mlp:200:2.0 lenet:20:2.0; do
  IFS=: read -r network steps limit <<<"$workload"
  modes=() # those of the first round, then the best alone
  for round in 1 2 3; do
    "$fledge" bench "Integration/benchmarks/workloads/$network.yaml" --batch 128 --steps "$steps" --json >>"$scratch/$network.fledge"
    if [ -x "$python" ]; then
      "$python" Integration/benchmarks/steps_pytorch.py "$network" 128 "$steps" "$(nproc)" "${modes[@]}" 2>/dev/null >>"$scratch/$network.pytorch"
      modes=("$(python3 -c '
import json, sys
modes = json.loads(open(sys.argv[1]).readline())["modes"]
print(min((mode for mode in modes if not mode.startswith("bfloat16")), key=modes.get))' "$scratch/$network.pytorch")")
    fi
  done
  python3 - "$network" "$scratch/$network" "$limit" <<'PYTHON'
import json, os, statistics, sys
network, path, limit = sys.argv[1:]
fledge = [json.loads(line) for line in open(path + ".fledge")]
step = statistics.median(one["median_ms"] for one in fledge)
print(f"{network:<12} Fledge {step:8.2f}", end="")
if os.path.exists(path + ".pytorch"):
    rounds = [json.loads(line) for line in open(path + ".pytorch")]
    again = next(iter(rounds[-1]["modes"]))  # the later rounds have this mode alone
    modes = rounds[0]["modes"] | {again: statistics.median(one["modes"][again] for one in rounds)}
    best = min((mode for mode in modes if not mode.startswith("bfloat16")), key=modes.get)
    value = modes[best]
    print(f"   PyTorch {best} {value:8.2f}   ratio {value / step:.2f} (≥ {limit})", end="")
    memory = max(one["peak_memory_bytes"] for one in fledge), rounds[-1]["peak_bytes"]
    print(f"   memory {memory[0] / 1e6:.0f} of {memory[1] / 1e6:.0f} MB, {memory[0] / memory[1]:.2f} (≤ 0.5)")
    others = (f"{mode} {time:.2f}" for mode, time in modes.items() if mode != best)
    print(f"{'':<12} PyTorch's other modes: " + ", ".join(others))
else:
    print("   (no PyTorch: Integration/benchmarks/install-peers.sh installs it)")
PYTHON
done

echo "== start"
say "fledge list" "$(median "$fledge list")" "< 50 ms"
if "$fledge" train --dataset 'fashion-mnist(limit: 256)' --model 'flatten, dense(10)' --epochs 1 --quiet >/dev/null 2>&1; then
  python3 Integration/benchmarks/fashion_mnist.py "$fledge"
else
  echo "(no Fashion-MNIST here: apt-get install dataset-fashion-mnist, or \$FLEDGE_DATA)"
fi

echo "== store"
"$binaries/StoreBenchmark" "$scratch/filled.sqlite" | while IFS= read -r line; do
  case $line in
  "100,000 metric points"*) printf '%-76s%s\n' "$line" "(< 1 s)" ;;
  *"compress to"*) printf '%-76s%s\n' "$line" "(≤ 90 %)" ;;
  *) echo "$line" ;;
  esac
done
say "fledge runs --where over 10,000 runs" \
  "$(FLEDGE_STORE=$scratch/filled.sqlite median "$fledge runs --where 'optimizer = adam and validation.accuracy > 0.9' --sort -validation.accuracy --limit 20")" "< 100 ms"
