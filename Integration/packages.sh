# Sourced by the scripts here: makes sure of Swift and of system packages.

# require_swift: stops unless Swift 6.1 or newer is there.
require_swift() {
  local found
  if ! command -v swift >/dev/null; then
    echo "error: no Swift toolchain found; install Swift 6.1 or newer from https://www.swift.org/install/linux and run this again" >&2
    exit 1
  fi
  found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  if [ "$(printf '%s\n6.1\n' "${found:-0}" | sort -V | head -n 1)" != 6.1 ]; then
    echo "error: Swift ${found:-of an unknown version} found, 6.1 or newer needed: https://www.swift.org/install/linux" >&2
    exit 1
  fi
}

# require_packages NAME…: installs those Debian packages that are missing, as root or through sudo; else prints the command.
require_packages() {
  local missing=()
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    echo "system packages: all there"
    return
  fi
  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  echo "system packages: installing ${missing[*]}"
  if [ "$(id -u)" -eq 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install >/dev/null
  elif command -v sudo >/dev/null; then
    sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive $install >/dev/null
  else
    echo "error: neither root nor sudo; run this as root, then start again:" >&2
    echo "  apt-get update && $install" >&2
    exit 1
  fi
}

# What Fledge needs to build: SQLite, zlib, libcrypto, BLAS with OpenMP, LAPACKE, oneDNN (unless its trait is off).
build_packages=(libsqlite3-dev zlib1g-dev libssl-dev libopenblas-openmp-dev liblapacke-dev libdnnl-dev)
