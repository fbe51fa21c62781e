#!/usr/bin/env bash
# Runs `kubectl kustomize` and `skerry kustomize` on the same folders and
# compares what they print, the error output and the exit code, byte for byte.
# Each folder in kustomize/ may have a file "cases": one line of arguments a
# case, instead of its own folder alone.
#
#   tests/diff/kustomizations.sh [FOLDER...]    SKERRY names the program
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skerry=${SKERRY:-$here/../../build/release/skerry}
kubectl=$("$here/../tools/helm.sh")/kubectl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export KUBECONFIG=$work/none
passed=0
failed=0

# The log has the time and the number of the process in it, addresses of
# pointers change, and the program has another name.
mask() {
  sed -E -e 's/^I[0-9]{4} [0-9:.]+ +[0-9]+ /LOG /' \
    -e "s/'kubectl kustomize/'skerry kustomize/" \
    -e 's/generator &\{0x[0-9a-f]+ [^}]*\}/generator GENERATOR/' \
    -e 's/generator (ConfigMap|Secret)Generator:/generator GENERATOR:/' "$1"
}

compare() { # folder arguments...
  local folder=$1 want=0 got=0
  shift
  (cd "$here/kustomize/$folder" && "$kubectl" kustomize "$@") \
    >"$work/want" 2>"$work/want.err" || want=$?
  (cd "$here/kustomize/$folder" && "$skerry" kustomize "$@") \
    >"$work/got" 2>"$work/got.err" || got=$?
  mask "$work/want.err" >"$work/want.masked"
  mask "$work/got.err" >"$work/got.masked"
  if cmp -s "$work/want" "$work/got" && [ "$want" = "$got" ] &&
    cmp -s "$work/want.masked" "$work/got.masked"; then
    passed=$((passed + 1))
    return
  fi
  failed=$((failed + 1))
  echo "FAIL: $folder $* (exit code $want, ours $got)"
  diff "$work/want" "$work/got" | head -n 20
  diff "$work/want.masked" "$work/got.masked" | head -n 10
}

folders=("$@")
[ $# -gt 0 ] ||
  mapfile -t folders < <(cd "$here/kustomize" && printf '%s\n' */ | tr -d /)
for folder in "${folders[@]}"; do
  cases=$here/kustomize/$folder/cases
  if [ ! -e "$cases" ]; then
    compare "$folder" .
    continue
  fi
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    eval "arguments=($line)"
    compare "$folder" "${arguments[@]}"
  done <"$cases"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
