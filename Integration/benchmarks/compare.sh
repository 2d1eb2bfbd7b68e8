#!/usr/bin/env bash
# Times the five workloads in Fledge and in the peers that `install-peers.sh` has installed, alternately, prints the table of
# ratios and keeps it in RESULTS.md.
#
#     compare.sh [--rounds N] [--scale X] [--workloads mlp,vgg] [--no-keep]
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/benchmarks/build.sh
exec python3 Integration/benchmarks/compare.py --fledge "$fledge" "$@"
