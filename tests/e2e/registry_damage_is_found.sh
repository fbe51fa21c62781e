#!/usr/bin/env bash
# A flipped bit on the disk is found and told by name; pushing again mends it.
# What was deleted by mistake comes back with its tags.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_skerry
project demo
make_image "$TMP/image" image
creds=admin:$ADMIN_PASSWORD
image=docker://$HOSTPORT/demo/app:v1
push() {
  skopeo copy -q --dest-tls-verify=false --dest-creds "$creds" "oci:$TMP/image:v1" "$image"
}
pull() {
  rm -rf "$TMP/again"
  skopeo copy -q --src-tls-verify=false --src-creds "$creds" "$image" "oci:$TMP/again:v1" &&
    diff -r "$TMP/image/blobs" "$TMP/again/blobs"
}
cli() { "$SKERRY" --server "$BASE" --user admin --password "$ADMIN_PASSWORD" "$@"; }

push
check "nothing is damaged at first" cli fsck
layer=$(jq -r '.layers[0].digest' "$TMP/image/blobs/sha256/$(layout_digest "$TMP/image" | cut -d: -f2)")
hex=${layer#sha256:}
file=$DATA/blobs/sha256/${hex:0:2}/$hex
python3 - "$file" <<'PY'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(5000)
    byte = f.read(1)[0]
    f.seek(5000)
    f.write(bytes([byte ^ 4]))
PY
refuse "a flipped bit is found" cli fsck
told() {
  cli fsck >"$TMP/faults" 2>/dev/null || grep "$layer" "$TMP/faults" | grep -q 'image demo/app'
}
check "fsck names the blob and the image that needs it" told
unhealthy() { api GET /health | jq -e '.checks[] | select(.name == "stored content") | .ok == false' >/dev/null; }
check "the health page says so" unhealthy
refuse "the image cannot be pulled" pull
check "pushing it again mends it" push
check "the image is whole" pull
check "nothing is damaged any more" cli fsck

skopeo delete --tls-verify=false --creds "$creds" "$image"
refuse "a deleted image is gone" pull
id=$(api GET /projects/demo/images/deleted | jq '.deleted[0].id')
api POST "/projects/demo/images/deleted/$id/restore" >/dev/null
check "it comes back with its tag" pull
finish
