#!/usr/bin/env bash
# An image pushed to the built-in registry runs on this machine, changes with
# the next push, comes back when it is removed, and goes back on a rollback.
. "$(dirname "$0")/lib.sh"
start_skerry
. "$(dirname "$0")/cd_lib.bash"
project demo
repository demo config
APP_PORT=$(free_port)

work=$TMP/work
git clone -q "$(git_url demo config)" "$work" 2>/dev/null
git -C "$work" checkout -q -B main
push() { # IMAGE GREETING
  cat >"$work/app.yaml" <<EOF
apiVersion: v1
kind: ConfigMap
metadata: {name: server}
data: {GREETING: $2}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  replicas: 1
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server}}
    spec:
      terminationGracePeriodSeconds: 2
      securityContext: {runAsNonRoot: true}
      containers:
      - name: main
        image: $1
        envFrom: [{configMapRef: {name: server}}]
        ports: [{name: http, containerPort: 8080}]
        securityContext: {readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
---
apiVersion: v1
kind: Service
metadata: {name: server}
spec:
  type: NodePort
  selector: {app: server}
  ports: [{port: 80, targetPort: http, nodePort: $APP_PORT}]
EOF
  git -C "$work" add -A
  git -C "$work" commit -q -m "$2"
  git -C "$work" push -q origin main
}
answers() { [ "$(curl -s --max-time 2 "http://127.0.0.1:$APP_PORT/")" = "$1" ]; }
app() { api "$1" "/projects/demo/applications/server${2:-}" "${@:3}"; }
is() { [ "$(app GET | jq -r ".status.$1")" = "$2" ]; }

one=$(image one)
push "$HOSTPORT/demo/server@$one" hello
api POST /projects/demo/applications '{
  "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
  "metadata": {"name": "server"},
  "spec": {"project": "demo",
    "source": {"repoURL": "demo/config", "path": ".", "targetRevision": "main"},
    "destination": {"server": "podman://", "namespace": "default"},
    "syncPolicy": {"automated": {"prune": true, "selfHeal": true}}}}' >/dev/null
check "the image of the private project runs and answers" \
  wait_until 60 answers "hello one"
check "the application is synced" wait_until 20 is sync Synced
check "and healthy" wait_until 20 is health Healthy

two=$(image two)
push "$HOSTPORT/demo/server@$two" hello
check "a push changes the answer" wait_until 60 answers "hello two"
push "$HOSTPORT/demo/server@$two" goodbye
check "a changed ConfigMap too" wait_until 60 answers "goodbye two"

running() { pod ps --filter label=skerry.app=server --format '{{.Names}}'; }
before=$(running)
pod rm -f -t 0 "$before" >/dev/null 2>&1
check "a removed container comes back" wait_until 30 answers "goodbye two"
pod stop -t 0 "$(running)" >/dev/null
check "a stopped container comes back" wait_until 30 answers "goodbye two"
pod pod rm -f -a -t 0 >/dev/null
check "a removed pod comes back" wait_until 30 answers "goodbye two"

kill_skerry
check "the container outlives the daemon" answers "goodbye two"
pod pod rm -f -a -t 0 >/dev/null
start_skerry
check "what went while the daemon was down comes back" \
  wait_until 30 answers "goodbye two"

# The container answers before its sync is over, which a rollback waits for.
goes_back() { app POST /rollback '{"id":0}' >/dev/null 2>&1; }
check "a rollback is taken once no sync runs" wait_until 20 goes_back
check "a rollback from the history brings the first answer back" \
  wait_until 60 answers "hello one"
sleep 2
check "and holds" answers "hello one"
push "$HOSTPORT/demo/server@$two" again
check "a new push goes forward again" wait_until 60 answers "again two"

# Only the histories' images stay, and what was not pulled by the daemon.
pod tag "$HOSTPORT/demo/server@$two" localhost/by-hand:1
three=$(image three)
app PUT '' "$(app GET | jq '{apiVersion:"argoproj.io/v1alpha1",kind:"Application",metadata,spec:(.spec+{revisionHistoryLimit:1})}')" >/dev/null
push "$HOSTPORT/demo/server@$three" new
check "the third image answers" wait_until 60 answers "new three"
has() { pod image exists "$HOSTPORT/demo/server@$1"; }
lacks() { ! has "$1"; }
check "an image that no history holds any more is removed" \
  wait_until 20 lacks "$one"
check "the running one stays" has "$three"
check "and so does what somebody tagged by hand" pod image exists localhost/by-hand:1

printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front}\n' \
  >"$work/ingress.yaml"
push "$HOSTPORT/demo/server@$one" never
named() { is operation.phase Failed && app GET | jq -r .status.operation.message | grep -q 'Ingress default/front'; }
check "an unsupported kind is named and nothing is touched" wait_until 30 named
check "the service runs on" answers "new three"

app DELETE >/dev/null
silent() { ! curl -s --max-time 1 "http://127.0.0.1:$APP_PORT/"; }
check "a deleted application takes its containers along" wait_until 30 silent
none() { [ -z "$(pod ps -a -q --filter label=skerry.app=server)" ]; }
check "none is left" wait_until 10 none
finish
