#!/usr/bin/env bash
# Installs PyTorch, which the benchmarks are measured against, from PyPI into a folder that git ignores.
set -euo pipefail
cd "$(dirname "$0")/../.."
peers=${FLEDGE_PEERS:-$PWD/.peers}
[ -x "$peers/bin/python" ] || python3 -m venv "$peers"
"$peers/bin/python" -c 'import torch' 2>/dev/null || "$peers/bin/pip" install --quiet torch numpy
"$peers/bin/python" -c 'import torch; print("PyTorch", torch.__version__, "in", "'"$peers"'")'
