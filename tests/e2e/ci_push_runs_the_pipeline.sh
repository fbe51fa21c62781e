#!/usr/bin/env bash
# A push becomes a run: its log, its results, its end; with the real git.
. "$(dirname "$0")/lib.sh"

RUNS=/projects/demo/repos/hello/runs
field() { python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key)] if key.isdigit() else value[key]
print(value)' "$1"; }
is() { [ "$(api GET "$RUNS/$1" | field "$2")" = "$3" ]; }
ended() { is "$1" state finished; }
log_has() { curl -fsSk -u "admin:$ADMIN_PASSWORD" \
  "$BASE/api/v1$RUNS/$1/log" | grep -qxF -- "$2"; }
push_file() { # Jenkinsfile on standard input
  cat >"$TMP/hello/Jenkinsfile"
  git -C "$TMP/hello" add . && git -C "$TMP/hello" commit -qm "$1"
  git -C "$TMP/hello" push -q origin HEAD:"${2:-main}"
}

start_skerry
project demo
repository demo hello
git clone -q "$(git_url demo hello)" "$TMP/hello" 2>/dev/null

cat >"$TMP/hello/test.xml" <<'X'
<testsuite name="s"><testcase name="a" classname="c"/><testcase name="b"/></testsuite>
X
push_file first <<'X'
pipeline {
  agent any
  stages {
    stage('Build') {
      steps {
        sh 'echo building $BRANCH_NAME; mkdir out; echo data > out/a.txt'
        archiveArtifacts 'out/*'
        junit 'test.xml'
      }
    }
    stage('Both') {
      parallel {
        stage('left') { steps { echo 'on the left' } }
        stage('right') { steps { echo 'on the right' } }
      }
    }
  }
  post {
    success { echo 'all well' }
  }
}
X
check "a push starts a run" wait_until 10 ended 1
check "it succeeds" is 1 result SUCCESS
check "its log has the script's output" log_has 1 "building main"
check "branches are named" log_has 1 "[left] on the left"
check "posts run" log_has 1 "all well"
check "its stages are listed" is 1 stages.3.name right
check "its tests are counted" is 1 tests.total 2
check "its artifacts are kept" test data = \
  "$(curl -fsSk -u "admin:$ADMIN_PASSWORD" "$BASE/api/v1$RUNS/1/artifacts/out/a.txt")"
stream=$(curl -fsSkN -u "admin:$ADMIN_PASSWORD" "$BASE/api/v1$RUNS/1/log/stream")
check "the stream of a finished run ends" grep -q '^event: end' <<<"$stream"

push_file broken <<'X'
pipeline {
  agent any
  stages {
    stage('A') {
      steps {
        ech 'x'
      }
    }
  }
}
X
check "an unreadable Jenkinsfile fails the run" wait_until 10 ended 2
check "and names the place" \
  sh -c "echo '$(api GET $RUNS/2 | tr -d "'")' | grep -q 'Jenkinsfile:6:9'"

push_file slow <<'X'
pipeline {
  agent any
  stages { stage('A') { steps { sh 'echo here; sleep 600' } } }
}
X
check "a long run starts" wait_until 10 log_has 3 here
check "it can be cancelled" api POST $RUNS/3/cancel
check "it ends soon" wait_until 5 ended 3
check "as aborted" is 3 result ABORTED
refuse "a finished run cannot be cancelled" api POST $RUNS/3/cancel

git -C "$TMP/hello" push -q origin HEAD~2:refs/tags/v1
check "a tag runs too" wait_until 10 ended 4
check "and is named" is 4 branch v1
check "the same commit can be run again" api POST $RUNS/1/rerun
check "it runs" wait_until 10 ended 5
finish
