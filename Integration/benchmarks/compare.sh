#!/usr/bin/env bash
# Times the five workloads in Fledge and in the peers that `install-peers.sh` has installed, alternately, prints the table of
# ratios and keeps it as RESULTS.md.
#
#     compare.sh [--rounds N] [--scale X] [--workloads mlp,vgg] [--no-keep]
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/packages.sh
require_packages python3 "${build_packages[@]}" >/dev/null
swift build -c release --product fledge >/dev/null
exec python3 Integration/benchmarks/compare.py --fledge "$(swift build -c release --show-bin-path)/fledge" "$@"
