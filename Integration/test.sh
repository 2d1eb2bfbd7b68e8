#!/usr/bin/env bash
# Installs what is missing and runs every test: a release build, unit and conformance tests, and the end-to-end
# tests of the built program; then the tests of packages that depend on Fledge.
set -euo pipefail
cd "$(dirname "$0")/.."
. Integration/packages.sh
require_swift
require_packages "${build_packages[@]}"
swift build -c release --build-tests --explicit-target-dependency-import-check error
swift test -c release --skip-build
bash Integration/fixtures/test.sh
