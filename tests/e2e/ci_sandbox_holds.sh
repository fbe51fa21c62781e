#!/usr/bin/env bash
# Pipelines that try to get out, to fill or to stop the machine.
. "$(dirname "$0")/lib.sh"

RUNS=/projects/demo/repos/hello/runs
NUMBER=0
ended() { api GET "$RUNS/$1" | grep -q '"state":"finished"'; }
result_is() { api GET "$RUNS/$1" | grep -q "\"result\":\"$2\""; }
log() { curl -fsSk -u "admin:$ADMIN_PASSWORD" "$BASE/api/v1$RUNS/$1/log"; }
log_lacks() { ! log "$1" | grep -q -- "$2"; }
run_steps() { # steps on standard input
  { echo "pipeline {"; echo "agent any"; echo "options { timeout(time: 20, unit: 'SECONDS') }"
    echo "stages {"; echo "stage('S') {"; echo "steps {"
    cat; echo "}"; echo "}"; echo "}"; echo "}"; } >"$TMP/hello/Jenkinsfile"
  git -C "$TMP/hello" add . && git -C "$TMP/hello" commit -qm "run $((++NUMBER))"
  git -C "$TMP/hello" push -q origin HEAD:main
  wait_until 40 ended $NUMBER
}

export SKERRY_CI_MAX_LOG_SIZE=1MiB SKERRY_CI_PROCESSES=100
start_skerry
project demo
repository demo hello
git clone -q "$(git_url demo hello)" "$TMP/hello" 2>/dev/null
ln -s /etc/passwd "$TMP/hello/leaving"

run_steps <<'X'
archiveArtifacts 'leaving'
X
check "a symlink that leaves the workspace is not archived" result_is 1 FAILURE
check "and is named" sh -c "$(declare -f log); BASE=$BASE RUNS=$RUNS ADMIN_PASSWORD=$ADMIN_PASSWORD log 1 | grep -q 'leaving leads out of the workspace'"
run_steps <<X
sh '! ls $DATA; ! cat /etc/shadow; ! cat $TMP/skerry.log; ! ls /root'
X
check "the data folder and the host's secrets are not there" result_is 2 SUCCESS
run_steps <<'X'
sh 'f() { f | f & }; f; sleep 60'
X
check "a fork bomb is bounded and ends" ended 3
run_steps <<'X'
sh 'yes | head -c 100000000'
X
check "a flood of output is cut" test "$(log 4 | wc -c)" -lt 1400000
run_steps <<'X'
sh 'trap "" TERM; sleep 600'
X
check "a script that ignores its end is ended" result_is 5 ABORTED
run_steps <<'X'
sh 'mkdir -p a/b; chmod 0 a/b a'
X
check "a workspace that forbids its removal goes all the same" \
  test -z "$(ls "$DATA/work/ci" 2>/dev/null)"
check "the daemon still answers" api GET /health
finish
