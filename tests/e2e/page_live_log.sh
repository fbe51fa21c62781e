#!/usr/bin/env bash
# A run is seen on the page while it goes on: stages, log, tests, artifacts.
. "$(dirname "$0")/lib.sh"
start_skerry
. "$(dirname "$0")/page_lib.bash"
project demo
repository demo hello

work=$TMP/work
git init -q "$work"
cat >"$work/Jenkinsfile" <<'JENKINS'
pipeline {
    agent any
    stages {
        stage('Talk') {
            steps {
                sh '''
                    set +x
                    printf 'first \\033[1;32mgreen\\033[0m 초록 line\\n'
                    for i in $(seq 1 40); do echo "talking $i"; sleep 0.1; done
                    seq 1 30000
                '''
            }
        }
        stage('Both') {
            parallel {
                stage('left') { steps { sh 'for i in 1 2 3; do echo "l$i"; sleep 0.1; done' } }
                stage('right') { steps { sh 'for i in 1 2 3; do echo "r$i"; sleep 0.1; done' } }
            }
        }
        stage('Report') {
            steps {
                writeFile file: 'report.xml', text: '<testsuite name="s"><testcase name="good" time="0.1"/><testcase name="bad"><failure message="two is not three"/></testcase></testsuite>'
                writeFile file: 'out/note.txt', text: 'kept\n'
                junit 'report.xml'
                archiveArtifacts 'out/*.txt'
            }
        }
    }
}
JENKINS
git -C "$work" add . && git -C "$work" commit -qm 'Talk a while'
git -C "$work" push -q "$(git_url demo hello)" main

finished() { api GET /projects/demo/repos/hello/runs/1 2>/dev/null | grep -q '"state":"finished"'; }
wait_until 60 finished
check "the log of a run that goes on appears line by line" \
  claim page_live_log.mjs follows
check "a long log is searched, linked to and drawn in part" claim page_live_log.mjs searches
check "a stage shows its own part of the log" claim page_live_log.mjs stages
check "the test report says what failed" claim page_live_log.mjs tests
check "an artifact is downloaded" claim page_live_log.mjs artifacts
check "a run is started again and cancelled" claim page_live_log.mjs cancels
check "runs are found by state and text" claim page_live_log.mjs filters
finish
