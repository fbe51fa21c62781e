#!/usr/bin/env bash
# An image pushed to the built-in registry runs on this machine, changes with
# the next push, comes back when it is removed, and goes back on a rollback.
. "$(dirname "$0")/lib.sh"
for tool in podman skopeo gcc; do
  command -v $tool >/dev/null || { echo "needs $tool"; exit 1; }
done
start_skerry
project demo
repository demo config
APP_PORT=$(free_port)
pod() { "$DATA/podman/podman" "$@"; }
stop_pods() {
  [ ! -x "$DATA/podman/podman" ] || {
    pod pod rm -f -a -t 0
    pod network rm -f $(pod network ls -q --filter label=skerry.network=1)
  } >/dev/null 2>&1
}
at_end stop_pods

# A static server that answers with $GREETING and its version.
cat >"$TMP/server.c" <<'C'
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void leave(int s) { (void)s; _exit(0); }
int main(void) {
  signal(SIGTERM, leave);
  int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = htons(8080);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 16)) return 1;
  for (;;) {
    int c = accept(s, 0, 0);
    char in[4096], out[512];
    if (c < 0) continue;
    if (read(c, in, sizeof in) >= 0) {
      int n = snprintf(out, sizeof out,
                       "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n%s " VERSION "\n",
                       getenv("GREETING"));
      if (write(c, out, (size_t)n) < 0) return 1;
    }
    close(c);
  }
}
C
image() { # VERSION: an OCI layout with the server, pushed to the registry
  local root=$TMP/image-$1
  mkdir -p "$root/fs"
  gcc -O1 -static -DVERSION="\"$1\"" -o "$root/fs/server" "$TMP/server.c"
  python3 - "$root" "$1" <<'PY'
import gzip, hashlib, io, json, os, sys, tarfile
root, version = sys.argv[1:]
out = root + "/oci/blobs/sha256"
os.makedirs(out)
def blob(data, kind):
    digest = hashlib.sha256(data).hexdigest()
    open(f"{out}/{digest}", "wb").write(data)
    return {"mediaType": kind, "digest": "sha256:" + digest, "size": len(data)}
raw = io.BytesIO()
with tarfile.open(fileobj=raw, mode="w") as tar:
    tar.add(root + "/fs/server", "server")
layer = blob(gzip.compress(raw.getvalue()), "application/vnd.oci.image.layer.v1.tar+gzip")
config = blob(json.dumps({"architecture": "amd64", "os": "linux",
    "config": {"Entrypoint": ["/server"], "User": "1000"},
    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(raw.getvalue()).hexdigest()]}}).encode(),
    "application/vnd.oci.image.config.v1+json")
manifest = blob(json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": config, "layers": [layer]}).encode(), "application/vnd.oci.image.manifest.v1+json")
json.dump({"schemaVersion": 2, "manifests": [manifest]}, open(root + "/oci/index.json", "w"))
json.dump({"imageLayoutVersion": "1.0.0"}, open(root + "/oci/oci-layout", "w"))
PY
  skopeo copy -q --dest-tls-verify=false --dest-creds "admin:$ADMIN_PASSWORD" \
    "oci:$root/oci" "docker://$HOSTPORT/demo/server:$1"
  skopeo inspect --tls-verify=false --creds "admin:$ADMIN_PASSWORD" \
    --format '{{.Digest}}' "docker://$HOSTPORT/demo/server:$1"
}

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

app POST /rollback '{"id":0}' >/dev/null
check "a rollback from the history brings the first answer back" \
  wait_until 60 answers "hello one"
sleep 2
check "and holds" answers "hello one"
push "$HOSTPORT/demo/server@$two" again
check "a new push goes forward again" wait_until 60 answers "again two"

printf 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front}\n' \
  >"$work/ingress.yaml"
push "$HOSTPORT/demo/server@$one" never
named() { is operation.phase Failed && app GET | jq -r .status.operation.message | grep -q 'Ingress default/front'; }
check "an unsupported kind is named and nothing is touched" wait_until 30 named
check "the service runs on" answers "again two"

app DELETE >/dev/null
silent() { ! curl -s --max-time 1 "http://127.0.0.1:$APP_PORT/"; }
check "a deleted application takes its containers along" wait_until 30 silent
none() { [ -z "$(pod ps -a -q --filter label=skerry.app=server)" ]; }
check "none is left" wait_until 10 none
finish
