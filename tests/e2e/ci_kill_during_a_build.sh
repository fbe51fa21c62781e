#!/usr/bin/env bash
# kill -9 in the middle of a build: no process stays, no run runs for ever.
. "$(dirname "$0")/lib.sh"

RUNS=/projects/demo/repos/hello/runs
run_says() { api GET "$RUNS/$1" | grep -q "$2"; }
log_has() { curl -fsSk -u "admin:$ADMIN_PASSWORD" \
  "$BASE/api/v1$RUNS/$1/log" | grep -qxF -- "$2"; }
nothing_runs() { ! pgrep -f 'sleep 71[0-9]$' >/dev/null; }

start_skerry
project demo
repository demo hello
git clone -q "$(git_url demo hello)" "$TMP/hello" 2>/dev/null
cat >"$TMP/hello/Jenkinsfile" <<'X'
pipeline {
  agent any
  stages { stage('A') { steps { sh 'echo begun; setsid sleep 711 & sleep 712' } } }
}
X
git -C "$TMP/hello" add . && git -C "$TMP/hello" commit -qm slow
git -C "$TMP/hello" push -q origin HEAD:main
check "the build runs" wait_until 10 log_has 1 begun
kill_skerry
check "its processes die with the daemon" wait_until 2 nothing_runs
start_skerry
check "the run is over after the restart" run_says 1 '"state":"finished"'
check "as a failure" run_says 1 '"result":"FAILURE"'
check "that says why" run_says 1 'interrupted by a restart of Skerry'
check "its log is still there" log_has 1 begun
check "no workspace stays" test ! -e "$DATA/work/ci"

stop_skerry
export SKERRY_CI_RESUME_INTERRUPTED=rerun
start_skerry
check "a rerun starts" api POST $RUNS/1/rerun
check "it runs" wait_until 10 log_has 2 begun
kill_skerry
start_skerry
check "with ci.resume_interrupted=rerun it begins again" wait_until 10 log_has 3 begun
api POST $RUNS/3/cancel >/dev/null
finish
