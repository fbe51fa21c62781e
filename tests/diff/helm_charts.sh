#!/usr/bin/env bash
# Runs the real Helm 4 and `skerry template` on the same charts and compares
# what they print, the error output and the exit code, byte for byte. Each
# chart in helm/ may have a file "cases": one line of flags a case.
#
#   tests/diff/helm_charts.sh [CHART...]    SKERRY names the program
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skerry=${SKERRY:-$here/../../build/release/skerry}
helm=$("$here/../tools/helm.sh")/helm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HELM_CACHE_HOME=$work/cache HELM_CONFIG_HOME=$work/config \
  HELM_DATA_HOME=$work/data KUBECONFIG=$work/none
passed=0
failed=0

compare() { # chart flags...
  local chart=$1 want=0 got=0
  shift
  (cd "$here/helm/$chart" && "$helm" template rel . "$@") \
    >"$work/want" 2>"$work/want.err" || want=$?
  (cd "$here/helm/$chart" && "$skerry" template rel . "$@") \
    >"$work/got" 2>"$work/got.err" || got=$?
  if cmp -s "$work/want" "$work/got" && [ "$want" = "$got" ] &&
    cmp -s "$work/want.err" "$work/got.err"; then
    passed=$((passed + 1))
    return
  fi
  failed=$((failed + 1))
  echo "FAIL: $chart $* (exit code $want, ours $got)"
  diff "$work/want" "$work/got" | head -n 20
  diff "$work/want.err" "$work/got.err" | head -n 10
}

charts=("$@")
[ $# -gt 0 ] || mapfile -t charts < <(cd "$here/helm" && printf '%s\n' */ | tr -d /)
for chart in "${charts[@]}"; do
  cases=$here/helm/$chart/cases
  compare "$chart"
  [ -e "$cases" ] || continue
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    eval "flags=($line)"
    compare "$chart" "${flags[@]}"
  done <"$cases"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
