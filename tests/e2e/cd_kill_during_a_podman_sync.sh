#!/usr/bin/env bash
# The daemon is killed at many moments of syncs to podman: after the next start
# exactly the pods that should run do, and nothing else is left.
. "$(dirname "$0")/lib.sh"
start_skerry
. "$(dirname "$0")/cd_lib.bash"
project demo
repository demo config
digest=$(image one)
work=$TMP/work
git init -q "$work"
push() { # VALUE
  cat >"$work/app.yaml" <<EOF
apiVersion: v1
kind: ConfigMap
metadata: {name: server}
data: {GREETING: "$1", file: "$1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  replicas: 2
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server}}
    spec:
      terminationGracePeriodSeconds: 1
      volumes: [{name: c, configMap: {name: server}}]
      containers:
      - name: main
        image: $HOSTPORT/demo/server@$digest
        envFrom: [{configMapRef: {name: server}}]
        volumeMounts: [{name: c, mountPath: /c}]
EOF
  git -C "$work" add -A
  git -C "$work" commit -qm "$1"
  git -C "$work" push -q "$(git_url demo config)" main
}
app() { api "$1" "/projects/demo/applications/server${2:-}" "${@:3}"; }
settled() { # REVISION
  app GET | jq -e --arg r "$1" '.status | .sync == "Synced" and .health == "Healthy"
    and .revision == $r and .operation.phase == "Succeeded"' >/dev/null
}
# Each running server's greeting, one a line.
greetings() {
  local name
  for name in $(pod ps --filter label=skerry.app=server --format '{{.Names}}'); do
    pod inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$name" | sed -n 's/^GREETING=//p'
  done
}
right() { [ "$(greetings)" = "$1"$'\n'"$1" ]; }
# Pods, their folders and podman's own pods are the same two.
tidy() {
  local pods folders
  pods=$(pod pod ps --format '{{.Name}}' | sort)
  folders=$(ls "$DATA/podman/pods" | sort)
  [ "$(wc -l <<<"$pods")" = 2 ] && [ "$pods" = "$folders" ] &&
    [ -z "$(find "$DATA/podman" -maxdepth 1 -name '.auth-*')" ] &&
    [ -z "$(find "$DATA/podman/pods" -name '*.tmp*')" ]
}

create() {
  api POST /projects/demo/applications '{
  "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
  "metadata": {"name": "server"},
  "spec": {"project": "demo", "source": {"repoURL": "demo/config", "path": "."},
    "destination": {"server": "podman://", "namespace": "default"},
    "syncPolicy": {"automated": {"prune": true, "selfHeal": true}}}}' >/dev/null
  wait_until 60 both_run
}
both_run() { [ "$(greetings | wc -l)" = 2 ]; }

push start
create
check "two pods run" wait_until 60 right start
for delay in 0.1 0.5 1.0 1.6 2.5; do
  push "after-$delay"
  sleep $delay
  kill_skerry
  start_skerry
  check "killed $delay s after the push: it is finished" \
    wait_until 60 settled "$(git -C "$work" rev-parse HEAD)"
  check "exactly the new pods run" wait_until 10 right "after-$delay"
  check "and nothing else is left" tidy
done
none() { [ -z "$(pod pod ps -q)" ] && [ -z "$(pod ps -a -q)" ] && [ -z "$(ls "$DATA/podman/pods")" ]; }
gone() { [ "$(status GET /projects/demo/applications/server)" = 404 ]; }
for delay in 0.2 0.5 1.0; do
  app DELETE >/dev/null
  sleep $delay
  kill_skerry
  start_skerry
  wait_until 60 gone
  check "a deletion killed after $delay s is finished" wait_until 60 none
  [ $delay = 1.0 ] || create
done
finish
