# For the registry's end-to-end scripts: source it after lib.sh.

# An OCI layout of one image in $1, tagged "v1"; $2 makes its content differ,
# $3 is the layer's size in bytes, $4 the architecture.
make_image() {
  python3 - "$1" "$2" "${3:-100000}" "${4:-amd64}" <<'PY'
import gzip, hashlib, io, json, os, random, sys, tarfile
folder, seed, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
blobs = os.path.join(folder, "blobs/sha256")
os.makedirs(blobs)
def put(data, media_type):
    digest = hashlib.sha256(data).hexdigest()
    open(os.path.join(blobs, digest), "wb").write(data)
    return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as tar:
    content = random.Random(seed).randbytes(size)
    info = tarfile.TarInfo("data")
    info.size = size
    tar.addfile(info, io.BytesIO(content))
tar_bytes = buffer.getvalue()
oci = "application/vnd.oci.image."
config = put(json.dumps({"architecture": sys.argv[4], "os": "linux", "config": {"Cmd": ["/data"]},
    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tar_bytes).hexdigest()]}}).encode(), oci + "config.v1+json")
layer = put(gzip.compress(tar_bytes, 1), oci + "layer.v1.tar+gzip")
manifest = put(json.dumps({"schemaVersion": 2, "mediaType": oci + "manifest.v1+json",
    "config": config, "layers": [layer]}).encode(), oci + "manifest.v1+json")
manifest["annotations"] = {"org.opencontainers.image.ref.name": "v1"}
json.dump({"schemaVersion": 2, "manifests": [manifest]}, open(os.path.join(folder, "index.json"), "w"))
json.dump({"imageLayoutVersion": "1.0.0"}, open(os.path.join(folder, "oci-layout"), "w"))
PY
}

# The manifest digest of such a layout.
layout_digest() { jq -r '.manifests[0].digest' "$1/index.json"; }

# A user with a role in a project, password "user-password".
member() { # user project role
  api POST /users "{\"name\":\"$1\",\"password\":\"user-password\"}" >/dev/null
  api PUT "/projects/$2/members/$1" "{\"role\":\"$3\"}" >/dev/null
}

says() { # text command...: the command fails and says the text
  local text=$1 out
  shift
  if out=$("$@" 2>&1); then
    echo "it did not fail: $out"
    return 1
  fi
  grep -qF "$text" <<<"$out" || { echo "$out"; return 1; }
}

# Bytes of request bodies that the daemon has read since it started.
received_bytes() {
  curl -fsS "$BASE/metrics" | awk '$1 == "skerry_http_received_bytes_total" { printf "%d\n", $2 }'
}

# The command is carried out and sends the daemon no more than so many bytes:
# what it needed was there already.
uploads_at_most() { # bytes command...
  local most=$1 before sent
  shift
  before=$(received_bytes)
  "$@" || return 1
  sent=$(($(received_bytes) - before))
  echo "sent $sent bytes"
  [ "$sent" -le "$most" ]
}

# A containerd of its own, which `ctr` then talks to.
start_containerd() {
  mkdir -p "$TMP/containerd"
  cat >"$TMP/containerd.toml" <<CONFIG
version = 2
root = "$TMP/containerd/root"
state = "$TMP/containerd/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "$TMP/containerd.sock"
[ttrpc]
  address = "$TMP/containerd.sock.ttrpc"
CONFIG
  containerd -c "$TMP/containerd.toml" >"$TMP/containerd.log" 2>&1 &
  containerd_pid=$!
  at_end 'kill $containerd_pid 2>/dev/null; wait $containerd_pid 2>/dev/null'
}
ctr() { command ctr -a "$TMP/containerd.sock" "$@"; }

# A dockerd of its own, which `docker` then talks to, with the arguments given.
# Without a bridge and iptables it touches nothing of the machine's network.
start_dockerd() { # argument...
  export DOCKER_HOST=unix://$TMP/docker.sock DOCKER_CONFIG=$TMP/docker-config
  mkdir -p "$DOCKER_CONFIG"
  dockerd --storage-driver=vfs --data-root "$TMP/docker" --exec-root "$TMP/docker-exec" \
    -H "$DOCKER_HOST" --pidfile "$TMP/docker.pid" --iptables=false \
    --ip6tables=false --bridge=none "$@" >"$TMP/docker.log" 2>&1 &
  docker_pid=$!
  at_end 'kill $docker_pid 2>/dev/null; wait $docker_pid 2>/dev/null; rm -rf "$TMP/docker"'
}

# A receiver of webhooks: what is posted to `hook_url NAME` becomes a line of
# $TMP/hooks/NAME.jsonl; $TMP/hooks/status may hold the status it answers with.
HOOK_PORT=$(free_port)
hook_url() { echo "http://127.0.0.1:$HOOK_PORT/$1"; }
start_receiver() {
  mkdir -p "$TMP/hooks"
  "$ROOT/tests/e2e/hook_receiver.py" "$HOOK_PORT" "$TMP/hooks" 2>"$TMP/receiver.log" &
  RECEIVER=$!
}
stop_receiver() { kill "$RECEIVER" 2>/dev/null || true; wait "$RECEIVER" 2>/dev/null || true; }
