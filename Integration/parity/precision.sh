#!/usr/bin/env bash
# Trains a network on Fashion-MNIST in float32 and in bfloat16, with three seeds each, and prints the accuracies on the test
# images. Ends with an error if bfloat16 is more than 0.3 points worse on average.
#
#     precision.sh [--model PARTS] [--epochs N] …     any flag of `fledge train`
set -euo pipefail
cd "$(dirname "$0")/../.."
fledge=${FLEDGE:-}
if [ -z "$fledge" ]; then
  . Integration/benchmarks/build.sh
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export FLEDGE_STORE=$scratch/store.sqlite
recipe=$scratch/recipe.yaml
cat > "$recipe" <<'YAML'
dataset: fashion-mnist
model: conv(32, padding: valid), relu, max-pool, conv(64), batch-norm, relu, max-pool, flatten, dropout(0.25), dense(128), relu, dense(10)
optimizer: "adam(rate: 1e-3)"
scheduler: cosine
epochs: 4
YAML
for seed in 0 1 2; do
  for precision in float32 bfloat16; do
    "$fledge" train --recipe "$recipe" "$@" --precision $precision --seed $seed --quiet --name $precision-$seed >/dev/null
    "$fledge" evaluate $precision-$seed --checkpoint last --json > "$scratch/$precision-$seed.json"
  done
done
python3 - "$scratch" <<'PYTHON'
import json, sys
def accuracies(precision):
    results = [json.load(open(f"{sys.argv[1]}/{precision}-{seed}.json")) for seed in range(3)]
    return [100 * result["figures"]["accuracy"] for result in results]
wide, narrow = accuracies("float32"), accuracies("bfloat16")
for name, values in (("float32", wide), ("bfloat16", narrow)):
    print(f"{name:9} " + "  ".join(f"{value:.2f}" for value in values) + f"   mean {sum(values) / 3:.2f} %")
difference = (sum(wide) - sum(narrow)) / 3
print(f"bfloat16 is {difference:+.2f} points below float32, at most 0.30 allowed")
sys.exit(difference > 0.3)
PYTHON
