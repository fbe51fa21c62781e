#!/usr/bin/env bash
# Over https, with the certificate authority that the daemon made and serves:
# curl, git, skopeo and helm trust it and nothing else, large bodies arrive
# whole in both directions, and many clients are served at once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
helm=$("$ROOT/tests/tools/helm.sh")/helm
SCHEME=https start_skerry
SCHEME=https
mkdir "$TMP/certs"
refuse "an unknown authority is not trusted" curl -sS "$BASE/readyz"
check "the authority's certificate can be fetched" \
  curl -fsSk -o "$TMP/certs/ca.crt" "$BASE/ca.crt"
secure() { curl -fsS --cacert "$TMP/certs/ca.crt" -u "admin:$ADMIN_PASSWORD" "$@"; }
check "curl trusts it" secure "$BASE/readyz"
localhost() { secure "https://localhost:$PORT/readyz"; }
check "and the name localhost" localhost
refuse "plain http on that port is refused" curl -fsS "http://$HOSTPORT/readyz"
old_protocol() { curl -fsS --tls-max 1.1 --cacert "$TMP/certs/ca.crt" "$BASE/readyz"; }
refuse "TLS 1.1 is refused" old_protocol

project demo
repository demo code
export GIT_SSL_CAINFO=$TMP/certs/ca.crt
mkdir "$TMP/code"
git -C "$TMP/code" init -q
head -c 40000000 /dev/urandom >"$TMP/code/large"
git -C "$TMP/code" add large
git -C "$TMP/code" commit -qm large
check "git pushes 40 MB" git -C "$TMP/code" push -q "$(git_url demo code)" HEAD:main
clones() {
  local i pids=()
  for i in 1 2 3 4 5 6; do
    git clone -q "$(git_url demo code)" "$TMP/clone-$i" &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i" || return 1; done
  for i in 1 2 3 4 5 6; do
    cmp "$TMP/code/large" "$TMP/clone-$i/large" || return 1
    rm -rf "$TMP/clone-$i"
  done
}
check "six clones at once get the same bytes" clones

make_image "$TMP/image" one 30000000
copy() { skopeo copy -q --src-cert-dir "$TMP/certs" --dest-cert-dir "$TMP/certs" "$@"; }
check "skopeo pushes" copy --dest-creds "admin:$ADMIN_PASSWORD" \
  "oci:$TMP/image:v1" "docker://$HOSTPORT/demo/app:v1"
check "skopeo pulls" copy --src-creds "admin:$ADMIN_PASSWORD" \
  "docker://$HOSTPORT/demo/app:v1" "oci:$TMP/back:v1"
check "the layers are the same bytes" diff -r "$TMP/image/blobs" "$TMP/back/blobs"
untrusted() {
  skopeo copy -q --dest-creds "admin:$ADMIN_PASSWORD" "oci:$TMP/image:v1" \
    "docker://$HOSTPORT/demo/app:v2"
}
check "skopeo without the authority refuses" says "certificate" untrusted

head -c 100000000 /dev/urandom >"$TMP/blob"
digest=sha256:$(sha256sum "$TMP/blob" | cut -d' ' -f1)
check "100 MB in one request" secure -o /dev/null -X POST -T "$TMP/blob" \
  -H 'Content-Type: application/octet-stream' \
  "$BASE/v2/demo/blob/blobs/uploads?digest=$digest"
ranged() {
  secure -r 99999000- "$BASE/v2/demo/blob/blobs/$digest" | cmp - <(tail -c 1000 "$TMP/blob")
}
check "a range of it" ranged
whole() { secure "$BASE/v2/demo/blob/blobs/$digest" | cmp - "$TMP/blob"; }
check "all of it" whole

check "helm makes a chart" "$helm" create "$TMP/web"
check "helm packages it" "$helm" package -d "$TMP" "$TMP/web"
export HELM_REGISTRY_CONFIG=$TMP/helm.json
check "helm logs in" "$helm" registry login --ca-file "$TMP/certs/ca.crt" \
  -u admin -p "$ADMIN_PASSWORD" "$HOSTPORT"
check "helm pushes" "$helm" push --ca-file "$TMP/certs/ca.crt" "$TMP/web-0.1.0.tgz" \
  "oci://$HOSTPORT/demo/charts"
check "helm pulls" "$helm" pull --ca-file "$TMP/certs/ca.crt" -d "$TMP/code" \
  "oci://$HOSTPORT/demo/charts/web" --version 0.1.0

fingerprint() { openssl x509 -in "$1" -noout -fingerprint; }
before=$(fingerprint "$TMP/certs/ca.crt")
restart_skerry
same_authority() {
  secure -o "$TMP/ca-again.crt" "$BASE/ca.crt" &&
    [ "$(fingerprint "$TMP/ca-again.crt")" = "$before" ]
}
check "a restart keeps the authority" same_authority
handshakes() { # half-open and garbage connections do not hold up others
  local i
  for i in $(seq 1 300); do exec {fd}<>"/dev/tcp/127.0.0.1/$PORT"; done
  printf 'GET / HTTP/1.0\r\n\r\n' >&"$fd"
  secure --max-time 5 "$BASE/readyz"
}
check "300 connections that say nothing do not stop it" handshakes
finish
