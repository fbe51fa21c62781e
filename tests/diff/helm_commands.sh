#!/usr/bin/env bash
# Runs Helm's commands and ours on the same charts and compares what they print,
# the error output, the exit code and the files that they leave behind: lint,
# show, package, dependency, verify, create, and those flags of template that
# are not about rendering. Charts come from charts/, dependencies from a
# repository that this script serves on the loopback.
#
#   tests/diff/helm_commands.sh [WORD...]   only cases with one of these words
#   SKERRY names the program
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skerry=$(realpath "${SKERRY:-$here/../../build/release/skerry}")
helm=$("$here/../tools/helm.sh")/helm
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
words=("$@")
passed=0
failed=0

export HELM_CONFIG_HOME=$work/config HELM_CACHE_HOME=$work/cache \
  HELM_DATA_HOME=$work/data KUBECONFIG=$work/none GNUPGHOME=$work/gnupg
mkdir -p "$work"/{config,cache,data,repo,keys} && mkdir -m 700 "$work/gnupg"

# The same place for both, so that paths in messages are equal.
box=$work/box
fresh() { rm -rf "$box" && cp -r "$work/charts" "$box"; }

# What may differ: our name, the process, the time of a lock file, the code of
# wrong usage; and Helm's archives have the times of the files.
plain() {
  sed -E -e 's/skerry/helm/g' -e 's/tmpcharts-[0-9]+/tmpcharts-N/g' \
    -e 's/^generated: .*/generated: T/' -e 's/helm-lint[0-9]+/helm-lintN/g'
}
# What is in the box that was not there, or is another.
files() {
  diff -rq --new-file "$work/charts" "$box" | sed 's/.* and \(.*\) differ/\1/' |
    LC_ALL=C sort | while IFS= read -r path; do
    echo "== $path"
    [ -f "$path" ] || continue
    case $path in
      *.tgz)
        rm -rf "$work/unpacked" && mkdir "$work/unpacked" &&
          tar -xzf "$path" -C "$work/unpacked" &&
          (cd "$work/unpacked" && find . -type f | LC_ALL=C sort |
            while IFS= read -r file; do echo "= $file" && cat "$file"; done)
        # Helm has sub-charts in any order.
        tar -tzf "$path" | grep -v '^[^/]*/charts/'
        ;;
      *.prov) grep -v '^[A-Za-z0-9+/=]*$' "$path" | grep -v '^Hash\|.tgz: sha' ;;
      *) cat "$path" ;;
    esac
  done 2>/dev/null | plain
}

# same FLAGS...: runs both; INPUT is standard input, CHECK=output leaves the
# files out, and the error output where CHECK=failure.
same() {
  local want=0 got=0 text="${TITLE:-} $*"
  if [ ${#words[@]} -gt 0 ]; then
    local word wanted=
    for word in "${words[@]}"; do [[ $text == *$word* ]] && wanted=1; done
    [ "$wanted" ] || return 0
  fi
  fresh
  (cd "$box" && "$helm" "$@" <<<"${INPUT:-}") >"$work/want" 2>"$work/want.err" ||
    want=$?
  files >"$work/want.files"
  fresh
  (cd "$box" && "$skerry" "$@" <<<"${INPUT:-}") >"$work/got" 2>"$work/got.err" ||
    got=$?
  files >"$work/got.files"
  [ "$got" = 2 ] && got=1
  local part parts="out err files" bad=
  [ "${CHECK:-}" = output ] && parts="out err"
  [ "${CHECK:-}" = files ] && parts="files"
  [ "${CHECK:-}" = failure ] && parts="files"
  cp "$work/want" "$work/want.out" && cp "$work/got" "$work/got.out"
  for part in $parts; do
    plain <"$work/want.$part" >"$work/1" && plain <"$work/got.$part" >"$work/2"
    cmp -s "$work/1" "$work/2" && continue
    bad=1
    echo "--- $part of: $text"
    diff "$work/1" "$work/2" | head -n 12
  done
  [ "$want" = "$got" ] || bad=1
  if [ -z "$bad" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: $text (exit code $want, ours $got)"
  fi
}

chart() { # name version [more of Chart.yaml]
  mkdir -p "$work/charts/$1/templates"
  printf 'apiVersion: v2\nname: %s\nversion: %s\n%s\n' "$1" "$2" "${3:-}" \
    >"$work/charts/$1/Chart.yaml"
  echo "name: $1 # a comment" >"$work/charts/$1/values.yaml"
  printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: %s}\n' "$1" \
    >"$work/charts/$1/templates/x.yaml"
}

for part in repository charts keys; do
  . "$here/commands/$part.sh"
done
for cases in "$here"/commands/cases_*.sh; do . "$cases"; done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
