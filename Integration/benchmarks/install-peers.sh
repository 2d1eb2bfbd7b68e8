#!/usr/bin/env bash
# Installs the peers that benchmarks and parity are measured against from PyPI into a folder that git ignores: PyTorch (with
# torchvision and safetensors) in the folder itself, TensorFlow and JAX each in an environment of its own under it, because
# what they ask of numpy differs. Run again, it skips what is there. What PyPI does not offer for this machine is named and
# left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Integration/packages.sh
python3 -c 'import ensurepip, venv' 2>/dev/null || require_packages python3 python3-venv
peers=${FLEDGE_PEERS:-$PWD/.peers}

# install TITLE ENVIRONMENT MODULES PACKAGES…
install() {
  local title=$1 environment=$2 modules=$3
  shift 3
  [ -x "$environment/bin/python" ] || python3 -m venv "$environment"
  if ! "$environment/bin/python" -c "import $modules" 2>/dev/null && ! "$environment/bin/pip" install --quiet --disable-pip-version-check "$@"; then
    echo "$title: left out, PyPI does not offer $* for $("$environment/bin/python" --version) on $(uname -m)" >&2
    return 1
  fi
  TF_CPP_MIN_LOG_LEVEL=3 "$environment/bin/python" -c "import $modules" 2>/dev/null || {
    echo "$title: left out, installed in $environment but it cannot be imported" >&2
    return 1
  }
  local version
  version=$("$environment/bin/python" -c "from importlib.metadata import version; print(version('$1'.split('[')[0]))")
  echo "$title $version in $environment"
}

install PyTorch "$peers" "numpy, safetensors, torch" torch numpy safetensors
# The release that fits the PyTorch that is there; without it, epoch.sh alone is left out.
torch=$("$peers/bin/python" -c "from importlib.metadata import version; print(version('torch').split('+')[0])")
install torchvision "$peers" torchvision torchvision "torch==$torch" || true
install TensorFlow "$peers/tensorflow" tensorflow tensorflow-cpu || true
install JAX "$peers/jax" "jax, jaxlib" "jax[cpu]" || true
