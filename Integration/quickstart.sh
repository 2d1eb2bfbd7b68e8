#!/usr/bin/env bash
# From a new clone to a trained network: installs what is missing, builds, trains a CNN on Fashion-MNIST, shows the history.
# A second run skips what is done.
set -euo pipefail
cd "$(dirname "$0")/.."
. Integration/packages.sh

echo "== 1/4 what Fledge needs"
require_swift
require_packages "${build_packages[@]}"
# Debian has the data as a package; elsewhere the four IDX files lie in a folder that $FLEDGE_DATA names.
if [ -z "${FLEDGE_DATA:-}" ] && apt-cache show dataset-fashion-mnist >/dev/null 2>&1; then
  require_packages dataset-fashion-mnist
fi

echo "== 2/4 building (a first build takes a few minutes)"
swift build -c release --product fledge
fledge=$(swift build -c release --show-bin-path)/fledge

export FLEDGE_STORE=${FLEDGE_STORE:-$PWD/fledge.sqlite}
echo "== 3/4 training a CNN on Fashion-MNIST; the history is kept in $FLEDGE_STORE"
if [ -f "$FLEDGE_STORE" ] && "$fledge" runs --where 'name = quickstart and status = completed' --json | grep -q quickstart; then
  echo "already trained: run 'quickstart'"
else
  "$fledge" train --name quickstart --recipe Integration/quickstart.yaml --no-chart
fi

echo "== 4/4 what the history says"
"$fledge" evaluate quickstart --checkpoint last
"$fledge" metrics quickstart --name train.loss --plot
"$fledge" runs
