#!/usr/bin/env bash
# Installs what is missing and runs every test.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! dpkg -s libsqlite3-dev zlib1g-dev libopenblas-openmp-dev liblapacke-dev >/dev/null 2>&1; then
  apt-get update -qq && apt-get install -y -qq libsqlite3-dev zlib1g-dev libopenblas-openmp-dev liblapacke-dev
fi
swift test -c release
