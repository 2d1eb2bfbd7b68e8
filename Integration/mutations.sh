#!/usr/bin/env bash
# mutations.sh [PATTERN]: breaks the program on purpose, one edit of mutations.txt after another, and says of which no test
# took notice. PATTERN, a regular expression, picks edits by their title, file or tests. It takes long: run it on request.
#
# The edits are made to a copy of the last commit (a git worktree beside its own build, both kept between edits and thrown
# away at the end; FLEDGE_MUTATIONS names a folder that is kept). Only the test target that an edit names is built, without
# optimisation: after a change of one file that is the quickest.
set -euo pipefail
cd "$(dirname "$0")/.."
pattern="${1:-}"
list="$PWD/Integration/mutations.txt"
place="${FLEDGE_MUTATIONS:-$(mktemp -d)}"
mkdir -p "$place"
tree="$place/tree"
# A test that loops for ever because of the edit has noticed it.
limit=300

[ -d "$tree" ] || git worktree add --quiet --detach "$tree" HEAD
git -C "$tree" checkout --quiet --force --detach "$(git rev-parse HEAD)"
if [ -z "${FLEDGE_MUTATIONS:-}" ]; then trap 'git worktree remove --force "$tree"; rm -rf "$place"' EXIT; fi

# The package as it would be if it had the tests of this target alone.
only_tests_of() {
  git -C "$tree" checkout --quiet Package.swift
  sed -i "s/^    + testTargets,\$/    + testTargets.filter { [\"$1\", \"TestSupport\"].contains(\$0.name) },/" "$tree/Package.swift"
}

build() { (cd "$tree" && swift build --product FledgePackageTests --quiet) > "$place/build.log" 2>&1; }

run_tests() { (cd "$tree" && timeout "$limit" swift test --skip-build --filter "$1") > "$place/test.log" 2>&1; }

# Replaces $2, which must be there exactly once, by $3 in file $1.
edit() {
  local text before after
  text="$(cat "$tree/$1"; printf x)"; text="${text%x}"
  before="${text%%"$2"*}"; after="${text#*"$2"}"
  [ "$before" != "$text" ] && [[ "$after" != *"$2"* ]] && printf '%s' "$before$3$after" > "$tree/$1"
}

ran=0 killed=0 present=""
report() { printf '%-9s %4s s  %-60s %s\n' "$1" "$SECONDS" "$title" "$target"; }

# One edit: applied, built, tested and taken back.
try() {
  [[ "$title $file $target $filter" =~ $pattern ]] || return 0
  SECONDS=0
  if [ "$target" != "$present" ]; then
    only_tests_of "$target"
    build || { cat "$place/build.log"; echo "mutations: $target cannot be built"; exit 1; }
    run_tests "$filter" || { cat "$place/test.log"; echo "mutations: $target fails without any edit"; exit 1; }
    present="$target"
  fi
  ran=$((ran + 1))
  if ! edit "$file" "$old" "$new"; then report "no place"; return 0; fi
  if ! build; then
    report "no build"; tail -3 "$place/build.log"
  elif run_tests "$filter"; then
    # An empty run passes too: a filter that names no test is a mistake in the list.
    if grep -qE "Test run with 0 tests" "$place/test.log"; then report "no test"; else report survived; fi
  else
    report killed; killed=$((killed + 1))
  fi
  git -C "$tree" checkout --quiet "$file"
}

title=""
while IFS= read -r line <&3; do
  case "$line" in
    "= "*) title="${line#= }" ;;
    "file: "*) file="${line#file: }" ;;
    "old: "*) old="${line#old: }" ;;
    "new: "*) new="${line#new: }" ;;
    "test: "*)
      test="${line#test: }"; target="${test%% *}"; filter="$target.*(${test#* })"
      try
      ;;
  esac
done 3< "$list"
echo "$killed of $ran edits were noticed"
[ "$killed" -eq "$ran" ]
