#!/usr/bin/env bash
# Shows that Fledge computes what PyTorch computes: weights that travel both ways, loss curves on Fashion-MNIST step by
# step, and each part's values, gradients and paths. Prints the figures; ends with an error if one is above its limit.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/packages.sh
python=${FLEDGE_PEERS:-$PWD/.peers}/bin/python
if ! "$python" -c 'import numpy, safetensors, torch' 2>/dev/null; then
  echo "error: PyTorch, safetensors or NumPy is missing in ${python%/bin/python}" >&2
  echo "  bash Integration/benchmarks/install-peers.sh   installs them; FLEDGE_PEERS names another folder" >&2
  exit 1
fi
if [ -z "${FLEDGE:-}" ]; then
  require_swift
  require_packages "${build_packages[@]}" >/dev/null
  swift build -c release --product fledge >/dev/null
  FLEDGE=$(swift build -c release --show-bin-path)/fledge
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export FLEDGE FLEDGE_STORE=$scratch/store.sqlite PYTHONDONTWRITEBYTECODE=1

echo "== $("$FLEDGE" --version) beside PyTorch $("$python" -c 'import torch; print(torch.__version__)'), $(nproc) cores"
status=0
for script in parts weights curves; do
  "$python" "Integration/parity/$script.py" || status=1
done
[ $status -eq 0 ] && echo "parity: every figure is within its limit" || echo "parity: FAILED, see above" >&2
exit $status
