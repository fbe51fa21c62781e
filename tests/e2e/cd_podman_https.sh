#!/usr/bin/env bash
# Over https, with the certificate authority that the server made for itself,
# podman pulls and checks the certificate.
SCHEME=https
. "$(dirname "$0")/lib.sh"
start_skerry
. "$(dirname "$0")/cd_lib.bash"
project demo
repository demo config
APP_PORT=$(free_port)
digest=$(image one)
work=$TMP/work
git init -q "$work"
cat >"$work/pod.yaml" <<EOF
apiVersion: v1
kind: Pod
metadata: {name: server}
spec:
  containers:
  - name: main
    image: $HOSTPORT/demo/server@$digest
    env: [{name: GREETING, value: secure}]
    ports: [{containerPort: 8080, hostPort: $APP_PORT}]
EOF
git -C "$work" add .
git -C "$work" commit -qm pod
git -C "$work" push -q "$(git_url demo config)" main
api POST /projects/demo/applications '{
  "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
  "metadata": {"name": "server"},
  "spec": {"project": "demo", "source": {"repoURL": "demo/config", "path": "."},
    "destination": {"server": "podman://", "namespace": "default"},
    "syncPolicy": {"automated": {}}}}' >/dev/null
answers() { [ "$(curl -s --max-time 2 "http://127.0.0.1:$APP_PORT/")" = "secure one" ]; }
check "the image is pulled over https and runs" wait_until 60 answers
refuse "without the authority podman does not trust the registry" \
  pod pull -q --creds "admin:$ADMIN_PASSWORD" "$HOSTPORT/demo/server@$digest"
unset_secrets() { [ -z "$(find "$DATA/podman" -maxdepth 1 -name '.auth-*')" ]; }
check "no credentials are left behind" unset_secrets
api DELETE /projects/demo/applications/server >/dev/null
none() { [ -z "$(pod ps -a -q)" ]; }
check "nothing is left of a deleted application" wait_until 30 none
finish
