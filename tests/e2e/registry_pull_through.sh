#!/usr/bin/env bash
# Projects in front of Debian's docker-registry (sign-in, TLS of an authority of
# its own): skopeo, podman, dockerd and containerd pull through, configured by
# the files that the server gives out; when the upstream is gone it serves on.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

# --- the upstream: one with TLS and an account, one without either
mkdir "$TMP/up"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
  -subj /CN=upstream-ca -keyout "$TMP/up/ca.key" -out "$TMP/up/ca.crt" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=upstream \
  -keyout "$TMP/up/tls.key" -out "$TMP/up/tls.csr" 2>/dev/null
openssl x509 -req -in "$TMP/up/tls.csr" -CA "$TMP/up/ca.crt" -CAkey "$TMP/up/ca.key" \
  -CAcreateserial -days 2 -extfile <(echo 'subjectAltName=IP:127.0.0.1') \
  -out "$TMP/up/tls.crt" 2>/dev/null
python3 -W ignore -c 'import crypt
print("robot:" + crypt.crypt("upstream-key", crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)).replace("$2b$", "$2y$"))' >"$TMP/up/htpasswd"

upstream() { # name port extra configuration
  cat >"$TMP/up/$1.yml" <<CONFIG
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $TMP/up/$1}}
$3
CONFIG
  docker-registry serve "$TMP/up/$1.yml" >"$TMP/up/$1.log" 2>&1 &
}
secure_port=$(free_port)
upstream secure "$secure_port" "http: {addr: '127.0.0.1:$secure_port', tls: {certificate: $TMP/up/tls.crt, key: $TMP/up/tls.key}}
auth: {htpasswd: {realm: here, path: $TMP/up/htpasswd}}"
secure_pid=$!
plain_port=$(free_port)
upstream plain "$plain_port" "http: {addr: '127.0.0.1:$plain_port'}"
plain_pid=$!
at_end 'kill $secure_pid $plain_pid 2>/dev/null; wait $secure_pid $plain_pid 2>/dev/null'
secure=127.0.0.1:$secure_port
plain=127.0.0.1:$plain_port
wait_until 20 curl -fsS -o /dev/null --cacert "$TMP/up/ca.crt" -u robot:upstream-key "https://$secure/v2/"
wait_until 20 curl -fsS -o /dev/null "http://$plain/v2/"

make_image "$TMP/one" one 3000000
make_image "$TMP/two" two 200000
make_image "$TMP/tiny" tiny 1000
mkdir "$TMP/up-certs"
cp "$TMP/up/ca.crt" "$TMP/up-certs/ca.crt"
seed() { skopeo copy -q --dest-cert-dir "$TMP/up-certs" --dest-creds robot:upstream-key "oci:$1:v1" "docker://$secure/$2"; }
seed "$TMP/one" team/app:v1
seed_plain() { skopeo copy -q --dest-tls-verify=false "oci:$1:v1" "docker://$plain/$2"; }
seed_plain "$TMP/two" library/alpine:3
seed_plain "$TMP/tiny" pause:3.9

# --- the server
start_skerry
project vendor
project hub
project k8s
api PATCH /projects/k8s '{"is_public":true}' >/dev/null
api PATCH /projects/hub '{"is_public":true}' >/dev/null
member eve vendor viewer
member out hub viewer
configured() {
  jq -n --arg url "https://$secure" --rawfile ca "$TMP/up/ca.crt" \
    '{url:$url,user:"robot",password:"upstream-key",ca_pem:$ca,ttl:"1s",hosts:["vendor.example"]}' >"$TMP/vendor.json"
  api PUT /projects/vendor/upstream "$(cat "$TMP/vendor.json")" | tee "$TMP/shown" | jq -e .has_password &&
    ! grep upstream-key "$TMP/shown"
}
check "a project is put in front of a registry" configured
check "another one too, for docker.io" api PUT /projects/hub/upstream \
  "{\"url\":\"http://$plain\",\"hosts\":[\"docker.io\"],\"ttl\":\"1s\",\"library\":true}"
api PUT /projects/k8s/upstream "{\"url\":\"http://$plain\",\"hosts\":[\"registry.k8s.io\"]}" >/dev/null
member_may_not() {
  [ "$(curl -s -o /dev/null -w '%{http_code}' -u eve:user-password -X PUT -d '{"url":"https://x"}' "$BASE/api/v1/projects/vendor/upstream")" = 403 ]
}
check "a viewer may not" member_may_not

copy() { skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
check "skopeo pulls through, with the upstream's account and authority" \
  copy --src-creds eve:user-password "docker://$HOSTPORT/vendor/team/app:v1" "oci:$TMP/back:v1"
check "the same bytes" diff -r "$TMP/one/blobs" "$TMP/back/blobs"
check "tags are listed" sh -c "skopeo list-tags --tls-verify=false --creds eve:user-password docker://$HOSTPORT/vendor/team/app | grep -q v1"
check "an absent tag is unknown" says "manifest unknown" skopeo inspect --tls-verify=false \
  --creds eve:user-password "docker://$HOSTPORT/vendor/team/app:nope"
check "nobody else may pull" says "" copy --src-creds out:user-password \
  "docker://$HOSTPORT/vendor/team/app:v1" "oci:$TMP/no:v1"
check "pushes are refused by name" says "stands in front of https://$secure" \
  copy --dest-creds "admin:$ADMIN_PASSWORD" "oci:$TMP/one:v1" "docker://$HOSTPORT/vendor/own:v1"

# --- one file a tool, as the server gives it
snippet() { # project tool: its content
  api GET "/projects/$1/upstream/nodes" | jq -r --arg tool "$2" \
    '.snippets[] | select(.tool == $tool).content'
}
mkdir -p "$TMP/conf"
snippet hub podman >"$TMP/conf/registries.conf"
export REGISTRY_AUTH_FILE=$TMP/auth.json
echo '{}' >"$REGISTRY_AUTH_FILE"
check "podman's file makes skopeo pull docker.io's image through" \
  skopeo --registries-conf "$TMP/conf/registries.conf" copy -q docker://docker.io/library/alpine:3 "oci:$TMP/alpine:v1"
check "the same bytes" diff -r "$TMP/two/blobs" "$TMP/alpine/blobs"
storage=(--root "$TMP/root" --runroot "$TMP/run" --storage-driver vfs)
at_end 'podman --root "$TMP/root" --runroot "$TMP/run" --storage-driver vfs unshare rm -rf "$TMP/root" 2>/dev/null || rm -rf "$TMP/root"'
with_podman() { CONTAINERS_REGISTRIES_CONF="$TMP/conf/registries.conf" podman "$@"; }
check "and podman" with_podman "${storage[@]}" pull -q docker.io/library/alpine:3

start_containerd
wait_until 20 ctr version >/dev/null 2>&1
for one in hub k8s vendor; do
  file=$(api GET "/projects/$one/upstream/nodes" | jq -r '.snippets[] | select(.tool == "containerd").file')
  mkdir -p "$TMP$(dirname "$file")"
  snippet $one containerd >"$TMP$file"
done
pull() { ctr images pull --hosts-dir "$TMP/etc/containerd/certs.d" --snapshotter native "$@"; }
check "containerd's file makes ctr pull docker.io's image (?ns=)" pull docker.io/library/alpine:3
check "and an image of one part of another registry" pull registry.k8s.io/pause:3.9
refuse "a private project is not for everyone" pull vendor.example/team/app:v1
check "but for a member" pull --user eve:user-password vendor.example/team/app:v1
has_digest() { ctr images ls "name==vendor.example/team/app:v1" | grep -F "$(layout_digest "$TMP/one")"; }
check "the same digest" has_digest

api PUT /settings/registry.mirror_project '{"value":"hub"}' >/dev/null
snippet hub docker >"$TMP/daemon.json"
start_dockerd --config-file "$TMP/daemon.json"
wait_until 30 docker version >/dev/null 2>&1
check "docker's file makes dockerd pull alpine by its short name" docker pull -q alpine:3
check "or by the project's name" docker pull -q "$HOSTPORT/hub/alpine:3"

# --- tags that move, many at once, an upstream that goes
seed "$TMP/two" team/app:v1
sleep 1.1
moved() {
  copy --src-creds eve:user-password "docker://$HOSTPORT/vendor/team/app:v1" "oci:$TMP/moved:v1" &&
    [ "$(layout_digest "$TMP/moved")" = "$(layout_digest "$TMP/two")" ]
}
check "a tag that moved is seen when its time is over" moved
make_image "$TMP/big" big 60000000
seed_plain "$TMP/big" library/big:1
many() {
  local i pids=()
  for i in 1 2 3 4 5 6; do
    copy "docker://$HOSTPORT/hub/big:1" "oci:$TMP/big-$i:v1" &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i" || return 1; done
  for i in 1 2 3 4 5 6; do
    diff -r "$TMP/big/blobs" "$TMP/big-$i/blobs" || return 1
    rm -rf "$TMP/big-$i"
  done
}
check "six clients at once get 60 MB" many
memory() { [ "$(awk '/VmHWM/ {print $2}' "/proc/$SKERRY_PID/status")" -lt 150000 ]; }
check "in bounded memory" memory
kill $secure_pid $plain_pid
wait $secure_pid $plain_pid 2>/dev/null || true
sleep 1.1
check "the upstream gone, what is here is served" copy --src-creds eve:user-password \
  "docker://$HOSTPORT/vendor/team/app:v1" "oci:$TMP/stale:v1"
warned() { curl -fsS -o /dev/null -D - -u eve:user-password "$BASE/v2/vendor/team/app/manifests/v1" | grep -i '^warning: 299 - "the upstream registry'; }
check "with a warning" warned
named() {
  curl -sS -w '%{http_code}' -u eve:user-password "$BASE/v2/vendor/team/other/manifests/v1" |
    grep -F "the upstream registry https://$secure does not answer" | grep '502$'
}
check "what is not here names the upstream" named
check "and is counted" sh -c "curl -fsS $BASE/metrics | grep 'skerry_registry_upstream_troubles_total [1-9]'"
restart_skerry
check "after a restart too" copy "docker://$HOSTPORT/hub/alpine:3" "oci:$TMP/again:v1"
api PUT /projects/hub/upstream "{\"url\":\"http://$plain\",\"offline\":true,\"library\":true}" >/dev/null
quiet() { ! curl -fsS -o /dev/null -D - "$BASE/v2/hub/alpine/manifests/3" | grep -i '^warning'; }
check "offline there is no warning" quiet
finish
