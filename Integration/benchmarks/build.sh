# Sourced from the root by the scripts here: builds the command and sets `fledge` to it. FLEDGE_BINARIES names a folder of
# built commands to take instead.
. Integration/packages.sh
require_packages python3 "${build_packages[@]}" >/dev/null
if [ -n "${FLEDGE_BINARIES:-}" ]; then
  fledge=$FLEDGE_BINARIES/fledge
else
  swift build -c release --product fledge >/dev/null
  fledge=$(swift build -c release --show-bin-path)/fledge
fi
export PYTHONDONTWRITEBYTECODE=1
