#!/usr/bin/env bash
# Times an epoch of Fashion-MNIST from its IDX files, with random-crop and horizontal-flip, in Fledge and in PyTorch with
# torchvision (`install-peers.sh`), alternately, prints the ratio and keeps it in RESULTS.md.
#
#     epoch.sh [--rounds N] [--images N] [--no-keep]
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/benchmarks/build.sh
exec python3 Integration/benchmarks/epoch.py --fledge "$fledge" "$@"
