#!/usr/bin/env bash
# Prints the figures that Fledge is measured by, beside PyTorch's where `install-peers.sh` has installed it. Machines are
# noisy: ratios come from measurements that alternate (A B A B …), and only ratios within one run count.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/packages.sh
require_packages hyperfine python3 "${build_packages[@]}" >/dev/null
swift build -c release --product fledge >/dev/null
swift build -c release --product StoreBenchmark >/dev/null
binaries=$(swift build -c release --show-bin-path)
fledge=$binaries/fledge
peers=${FLEDGE_PEERS:-$PWD/.peers}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export FLEDGE_STORE=$scratch/store.sqlite

say() { printf '%-60s%s\n' "$1" "$2"; }
median() { hyperfine --warmup 3 --shell=none --export-json "$scratch/times.json" "$@" >/dev/null 2>&1 &&
  python3 -c "import json; print(f\"{1000 * json.load(open('$scratch/times.json'))['results'][0]['median']:.1f} ms\")"; }

echo "== machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(swift --version 2>/dev/null | head -n 1)"

echo "== training steps, batch 128 (ms; ratio: the best PyTorch mode / Fledge)"
mlp=(--input 784 --model 'dense(512), relu, dense(256), relu, dense(10)' --optimizer 'adam(rate: 1e-3)')
lenet=(--input 28x28x1 --model 'conv(32, 3, padding: valid), relu, conv(64, 3, padding: valid), relu, max-pool, dropout(0.25), flatten, dense(128), relu, dropout(0.5), dense(10)'
  --optimizer 'sgd(rate: 0.01, momentum: 0.9)')
for network in mlp lenet; do
  declare -n flags=$network
  steps=$([ $network = mlp ] && echo 300 || echo 30)
  for round in 1 2 3; do
    "$fledge" bench "${flags[@]}" --batch 128 --steps "$steps" --json >>"$scratch/$network.fledge"
    if [ -x "$peers/bin/python" ]; then
      "$peers/bin/python" Integration/benchmarks/steps_pytorch.py $network 128 "$steps" "$(nproc)" >>"$scratch/$network.pytorch"
    fi
  done
  python3 - "$network" "$scratch/$network" <<'PYTHON'
import json, os, statistics, sys
network, path = sys.argv[1:]
fledge = statistics.median(json.loads(line)["median_ms"] for line in open(path + ".fledge"))
print(f"{network:<12} Fledge {fledge:8.2f}", end="")
if os.path.exists(path + ".pytorch"):
    rounds = [json.loads(line) for line in open(path + ".pytorch")]
    modes = {mode: statistics.median(r[mode] for r in rounds) for mode in rounds[0]}
    print("".join(f"   PyTorch {mode} {value:8.2f}" for mode, value in modes.items()), end="")
    print(f"   ratio {min(modes.values()) / fledge:.2f}")
else:
    print("   (no PyTorch: Integration/benchmarks/install-peers.sh installs it)")
PYTHON
done

echo "== start"
say "fledge list" "$(median "$fledge list")"
images=(train --dataset fashion-mnist --model 'flatten, dense(128), relu, dense(10)' --epochs 1 --quiet --no-chart)
if "$fledge" "${images[@]}" --name probe --set 'dataset=fashion-mnist(limit: 256)' >/dev/null 2>&1; then
  /usr/bin/env python3 - "$fledge" "${images[@]}" <<'PYTHON'
import json, resource, subprocess, sys, time
command = [argument for argument in sys.argv[1:] if argument != "--quiet"] + ["--json"]
start = time.perf_counter()
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
first = None
for line in process.stdout:
    if first is None and json.loads(line).get("event") == "step":
        first = time.perf_counter() - start
process.wait()
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{'launch to the first step on Fashion-MNIST':<60}{first:.2f} s")
print(f"{'peak memory of that run':<60}{peak:.0f} MB")
PYTHON
else
  echo "(no Fashion-MNIST here: apt-get install dataset-fashion-mnist)"
fi

echo "== store"
"$binaries/StoreBenchmark" "$scratch/filled.sqlite"
say "fledge runs --where … over 10,000 runs" \
  "$(FLEDGE_STORE=$scratch/filled.sqlite median "$fledge runs --where 'optimizer = adam and validation.accuracy > 0.9' --sort -validation.accuracy --limit 20")"
