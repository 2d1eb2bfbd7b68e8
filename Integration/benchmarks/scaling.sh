#!/usr/bin/env bash
# Measures how a step's time and memory grow with the batch and with the width of a layer, prints how far they are from
# straight lines and keeps that in RESULTS.md.
#
#     scaling.sh [--rounds N] [--scale X] [--no-keep]
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/benchmarks/build.sh
exec python3 Integration/benchmarks/scaling.py --fledge "$fledge" "$@"
