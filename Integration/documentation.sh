#!/usr/bin/env bash
# Makes the documentation of the library's modules, with its tutorials, as a web site in .build-documentation/site.
# A warning is an error. To read it:
#
#     python3 -m http.server --directory .build-documentation/site
#
# and then http://localhost:8000/documentation and http://localhost:8000/tutorials/tutorials.
set -euo pipefail
cd "$(dirname "$0")/.."
. Integration/packages.sh
require_swift
require_packages "${build_packages[@]}"
site="$PWD/.build-documentation/site"
rm -rf "$site"
FLEDGE_DOCUMENTATION=1 swift package --scratch-path .build-documentation \
  --allow-writing-to-directory "$PWD/.build-documentation" \
  generate-documentation --target Fledge --target Registry --target Tensors --target Conformance \
  --enable-experimental-combined-documentation --warnings-as-errors --transform-for-static-hosting --output-path "$site"
# The plugin of swift-docc-plugin 1.5 ends with 0 even if a module failed.
[ -d "$site" ] || { echo "error: the documentation was not made; see the errors above" >&2; exit 1; }
