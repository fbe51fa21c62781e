#!/usr/bin/env bash
# A containerd of its own pulls and pushes with ctr, one platform and all, and
# by a folder of host configurations, over http and https.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_containerd
start_skerry
project demo
member dev demo developer
member eve demo viewer
name=$HOSTPORT/demo/ctr
make_image "$TMP/amd" one 2000000
make_image "$TMP/arm" two 100000 arm64
creds=dev:user-password
push_part() { skopeo copy -q --dest-tls-verify=false --dest-creds $creds "oci:$1:v1" "docker://$name/$2"; }
push_part "$TMP/amd" app:v1
push_part "$TMP/arm" app:arm
digest=$(layout_digest "$TMP/amd")
manifest() { curl -fsS -u $creds -H 'Accept: */*' "$BASE/v2/demo/ctr/$1"; }
part() { jq -c --arg arch "$2" '.manifests[0] | del(.annotations) + {platform:{os:"linux",architecture:$arch}}' "$1/index.json"; }
index=application/vnd.oci.image.index.v1+json
printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s,%s]}' $index \
  "$(part "$TMP/amd" amd64)" "$(part "$TMP/arm" arm64)" >"$TMP/index"
curl -fsS -u $creds -X PUT -H "Content-Type: $index" --data-binary "@$TMP/index" \
  "$BASE/v2/demo/ctr/app/manifests/multi" >/dev/null
wait_until 20 ctr version >/dev/null 2>&1

pull() { ctr images pull --plain-http --snapshotter native --user "$creds" "$@"; }
push() { ctr images push --plain-http --user "$creds" "$@"; }
refuse "a pull without credentials is refused" ctr images pull --plain-http \
  --snapshotter native "$name/app:v1"
check "ctr pulls" pull "$name/app:v1"
same() { ctr images ls "name==$name/app:v1" | grep -F "$digest"; }
check "the same digest" same
check "ctr unpacked the file" sh -c "find '$TMP/containerd/root' -name data -size +1900k | grep -q ."
check "ctr tags it" ctr images tag "$name/app:v1" "$name/pushed:v1"
check "ctr pushes it by mount or check" uploads_at_most 2000 push --platform linux/amd64 "$name/pushed:v1"
check "the manifest is the same bytes" cmp <(manifest app/manifests/v1) <(manifest pushed/manifests/v1)

# An image that the registry has never seen, so the blobs are sent.
make_image "$TMP/fresh" three 5000000
tar -C "$TMP/fresh" -cf "$TMP/fresh.tar" .
check "ctr imports another image" ctr images import --snapshotter native \
  --index-name "$name/fresh:v1" "$TMP/fresh.tar"
check "ctr pushes its layers" push "$name/fresh:v1"
arrived() {
  local layer
  layer=$(jq -r '.layers[0].digest' "$TMP/fresh/blobs/sha256/$(layout_digest "$TMP/fresh" | cut -d: -f2)")
  cmp <(manifest "fresh/blobs/$layer") "$TMP/fresh/blobs/sha256/${layer#sha256:}"
}
check "they arrived whole" arrived
refuse "a viewer's push is refused" ctr images push --plain-http \
  --user eve:user-password "$name/fresh:v2" "$name/fresh:v1"

check "ctr pulls its own platform of an index" pull --platform linux/amd64 "$name/app:multi"
check "ctr pulls every platform" pull --all-platforms "$name/app:multi"
complete() { ctr images check "name==$name/app:multi" | grep -F ' complete ('; }
check "all content is there" complete
ctr images tag "$name/app:multi" "$name/all:v1" >/dev/null
check "ctr pushes every platform" push "$name/all:v1"
check "the index is the same bytes" cmp "$TMP/index" <(manifest all/manifests/v1)
check "and its children are there" manifest "all/manifests/$(layout_digest "$TMP/arm")"

# The same server over https, by hosts.toml: its authority, and another name.
stop_skerry
SCHEME=https start_skerry
BASE=https://$HOSTPORT
mkdir -p "$TMP/hosts/$HOSTPORT" "$TMP/hosts/images.example.test"
curl -fsSk -o "$TMP/ca.crt" "$BASE/ca.crt"
printf 'server = "https://%s"\n[host."https://%s"]\n  capabilities = ["pull", "resolve", "push"]\n  ca = "%s"\n' \
  "$HOSTPORT" "$HOSTPORT" "$TMP/ca.crt" >"$TMP/hosts/$HOSTPORT/hosts.toml"
sed 's#^server.*#server = "https://images.example.test"#' "$TMP/hosts/$HOSTPORT/hosts.toml" \
  >"$TMP/hosts/images.example.test/hosts.toml"
by_hosts() { ctr images "$1" --hosts-dir "$TMP/hosts" --user "$creds" "${@:2}"; }
refuse "without the authority https is refused" ctr images pull --snapshotter native \
  --user "$creds" "$name/app:arm"
check "ctr pulls over https by hosts.toml" by_hosts pull --snapshotter native \
  --platform linux/arm64 "$name/app:arm"
check "ctr pushes over https by hosts.toml" by_hosts push "$name/fresh:v1"
check "ctr pulls what another registry's name stands for" by_hosts pull \
  --snapshotter native images.example.test/demo/ctr/app:v1
finish
