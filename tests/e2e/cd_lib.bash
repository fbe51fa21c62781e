# For scripts with the podman target: . "$(dirname "$0")/cd_lib.bash" after
# start_skerry.
#
#   image VERSION        pushes demo/server:VERSION, a static server on port 8080
#                        that answers "$GREETING VERSION"; prints its digest
#   pod ...              the daemon's podman
for tool in podman skopeo gcc; do
  command -v $tool >/dev/null || { echo "needs $tool"; exit 1; }
done
[ "$SCHEME" = http ] || export GIT_SSL_CAINFO=$DATA/keys/ca.crt
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
