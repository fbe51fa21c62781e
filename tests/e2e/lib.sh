# What every end-to-end script starts with: . "$(dirname "$0")/lib.sh"
#
#   start_skerry [flag...]   the real daemon on a fresh data folder; sets BASE
#                            (its URL), HOSTPORT, DATA, ADMIN_PASSWORD
#   restart_skerry, stop_skerry, kill_skerry
#   api METHOD PATH [JSON]   a request as admin; prints the body; fails unless
#                            the answer is 2xx
#   status METHOD PATH [JSON]  the status code alone
#   check "claim" command... one claim: passes when the command does
#   refuse "claim" command...  one claim: passes when the command fails
#   wait_until SECONDS command...
#   finish                   stops the daemon; the script's exit code
#
# SKERRY names the program (default build/release/skerry). TMP is a scratch
# folder that goes with the script.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SKERRY=${SKERRY:-$ROOT/build/release/skerry}
TMP=$(mktemp -d -t skerry-e2e-XXXXXX)
# DATA is created here, so that a script may put a file system on it first.
DATA=$TMP/data
mkdir -p "$DATA"
PASSED=0
FAILED=0
SKERRY_PID=
CLEANUP=()

# Commands that must run at the end, last added first.
at_end() { CLEANUP=("$*" "${CLEANUP[@]}"); }

end_script() {
  local status=$?
  set +e
  local command
  for command in "${CLEANUP[@]}"; do eval "$command"; done
  kill_skerry
  if [ $status != 0 ] && [ -e "$TMP/skerry.log" ]; then
    echo "--- the daemon's last lines"
    tail -n 30 "$TMP/skerry.log"
  fi
  # What the embedded podman keeps until a reboot; see podman/conf.h.
  rm -rf --one-file-system \
    "/run/skerry-podman/$(printf %s "$DATA/podman" | sha256sum | cut -c1-12)"
  rm -rf "$TMP"
  exit $status
}
trap end_script EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start_skerry() {
  PORT=${PORT:-$(free_port)}
  SCHEME=${SCHEME:-http}
  HOSTPORT=127.0.0.1:$PORT
  BASE=$SCHEME://$HOSTPORT
  ADMIN_PASSWORD=${ADMIN_PASSWORD:-e2e-password}
  SKERRY_ADMIN_PASSWORD=$ADMIN_PASSWORD "$SKERRY" serve --data "$DATA" \
    --listen "$BASE" "$@" >>"$TMP/skerry.log" 2>&1 &
  SKERRY_PID=$!
  local i
  for i in $(seq 1 400); do
    if curl -fsk -o /dev/null "$BASE/readyz" 2>/dev/null; then return 0; fi
    if ! kill -0 "$SKERRY_PID" 2>/dev/null; then break; fi
    sleep 0.025
  done
  echo "the daemon did not start:"
  cat "$TMP/skerry.log"
  return 1
}

stop_skerry() {
  [ -n "$SKERRY_PID" ] || return 0
  kill -TERM "$SKERRY_PID" 2>/dev/null || true
  wait "$SKERRY_PID" 2>/dev/null || true
  SKERRY_PID=
}

kill_skerry() {
  [ -n "$SKERRY_PID" ] || return 0
  kill -KILL "$SKERRY_PID" 2>/dev/null || true
  wait "$SKERRY_PID" 2>/dev/null || true
  SKERRY_PID=
}

restart_skerry() { stop_skerry; start_skerry "$@"; }

request() { # METHOD PATH [JSON] then curl's options in REQUEST_OPTIONS
  local method=$1 path=$2
  local body=()
  [ $# -lt 3 ] || body=(-H 'Content-Type: application/json' --data-binary "$3")
  curl -sSk -u "admin:$ADMIN_PASSWORD" -X "$method" "${body[@]}" \
    "${REQUEST_OPTIONS[@]}" "$BASE$path"
}
REQUEST_OPTIONS=()

api() { # the same path prefix for all: /api/v1
  local out code
  out=$(REQUEST_OPTIONS=(-w '\n%{http_code}'); request "$1" "/api/v1$2" "${@:3}")
  code=${out##*$'\n'}
  printf '%s\n' "${out%$'\n'*}"
  case $code in 2*) return 0 ;; *) echo "$1 $2: status $code" >&2; return 1 ;; esac
}

status() {
  (REQUEST_OPTIONS=(-o /dev/null -w '%{http_code}'); request "$1" "/api/v1$2" "${@:3}")
}

report() { # status of a claim
  if [ "$1" = 0 ]; then
    PASSED=$((PASSED + 1))
    echo "ok - $2"
  else
    FAILED=$((FAILED + 1))
    echo "not ok - $2"
    sed 's/^/    /' "$TMP/check.out" | tail -n 25
  fi
}

check() {
  local claim=$1 result=0
  shift
  "$@" >"$TMP/check.out" 2>&1 || result=$?
  report $result "$claim"
}

refuse() {
  local claim=$1 result=1
  shift
  "$@" >"$TMP/check.out" 2>&1 || result=0
  report $result "$claim"
}

wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

project() { api POST /projects "{\"name\":\"$1\"}" >/dev/null; }
repository() { api POST "/projects/$1/repos" "{\"name\":\"$2\"}" >/dev/null; }

# A clone URL with the admin's credentials in it.
git_url() { echo "$SCHEME://admin:$ADMIN_PASSWORD@$HOSTPORT/git/$1/$2.git"; }

# git as a machine without configuration runs it.
git() {
  GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$TMP/gitconfig" \
    GIT_TERMINAL_PROMPT=0 command git "$@"
}
printf '[user]\n\tname = Test\n\temail = test@localhost\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n' >"$TMP/gitconfig"

finish() {
  stop_skerry
  echo "$PASSED passed, $FAILED failed"
  [ $FAILED = 0 ]
}
