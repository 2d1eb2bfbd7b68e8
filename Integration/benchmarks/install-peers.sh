#!/usr/bin/env bash
# Installs PyTorch, which benchmarks and parity are measured against, and safetensors from PyPI into a folder that git ignores.
set -euo pipefail
cd "$(dirname "$0")/../.."
peers=${FLEDGE_PEERS:-$PWD/.peers}
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
"$peers/bin/python" -c 'import numpy, safetensors, torch' 2>/dev/null ||
  "$peers/bin/pip" install --quiet torch numpy safetensors
"$peers/bin/python" -c 'import torch; print("PyTorch", torch.__version__, "in", "'"$peers"'")'
