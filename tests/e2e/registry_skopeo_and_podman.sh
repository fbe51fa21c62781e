#!/usr/bin/env bash
# skopeo and podman push and pull with login; refusals say what to do.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_skerry
project demo
member dev demo developer
member eve demo viewer
make_image "$TMP/image" one
digest=$(layout_digest "$TMP/image")
image=docker://$HOSTPORT/demo/tools/app

copy() { skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
check "skopeo pushes as a developer" \
  copy --dest-creds dev:user-password "oci:$TMP/image:v1" "$image:v1"
inspected() {
  [ "$(skopeo inspect --tls-verify=false --creds eve:user-password \
    --format '{{.Digest}}' "$image:v1")" = "$digest" ]
}
check "a viewer sees the same digest" inspected
check "skopeo copies to another repository (mount)" \
  copy --src-creds dev:user-password --dest-creds dev:user-password \
  "$image:v1" "docker://$HOSTPORT/demo/copy:v2"
check "skopeo pulls it back" \
  copy --src-creds eve:user-password "docker://$HOSTPORT/demo/copy:v2" "oci:$TMP/back:v1"
check "the layers are the same bytes" diff -r "$TMP/image/blobs" "$TMP/back/blobs"

check "a viewer's push is denied by name" says "eve may not push to project 'demo'" \
  copy --dest-creds eve:user-password "oci:$TMP/image:v1" "$image:v2"
check "a wrong password is refused" says "invalid username/password" \
  copy --dest-creds dev:wrong "oci:$TMP/image:v1" "$image:v2"
check "an unknown project is named" says "there is no project 'nope'" \
  copy --dest-creds "admin:$ADMIN_PASSWORD" "oci:$TMP/image:v1" "docker://$HOSTPORT/nope/app:v1"
check "a name without project is explained" says "<project>/<repository>" \
  copy --dest-creds "admin:$ADMIN_PASSWORD" "oci:$TMP/image:v1" "docker://$HOSTPORT/app:v1"
check "anonymous reading is refused" says "sign in to read 'demo/tools/app'" \
  skopeo inspect --tls-verify=false --no-creds "$image:v1"
api PATCH /projects/demo '{"is_public":true}' >/dev/null
check "anonymous reading of a public project works" \
  skopeo inspect --tls-verify=false --no-creds "$image:v1"

export REGISTRY_AUTH_FILE=$TMP/auth.json
storage=(--root "$TMP/root" --runroot "$TMP/run" --storage-driver vfs)
run_podman() { podman "${storage[@]}" "$@"; }
at_end 'podman --root "$TMP/root" --runroot "$TMP/run" --storage-driver vfs unshare rm -rf "$TMP/root" 2>/dev/null || rm -rf "$TMP/root"'
check "podman logs in" run_podman login --tls-verify=false -u dev -p user-password "$HOSTPORT"
check "podman pulls" run_podman pull -q --tls-verify=false "$HOSTPORT/demo/tools/app:v1"
check "podman pushes" run_podman push -q --tls-verify=false \
  "$HOSTPORT/demo/tools/app:v1" "$HOSTPORT/demo/podman:v1"
check "podman pushes zstd layers" run_podman push -q --tls-verify=false \
  --compression-format zstd "$HOSTPORT/demo/tools/app:v1" "$HOSTPORT/demo/podman:zstd"
refuse "podman's login with a wrong password fails" \
  run_podman login --tls-verify=false -u dev -p wrong "$HOSTPORT"

listed() {
  api GET /projects/demo/images | jq -e \
    '[.repositories[].name] == ["copy","podman","tools/app"]'
}
check "the API lists the repositories" listed
tagged() {
  api GET '/projects/demo/images/tags?repository=tools/app' |
    jq -e --arg digest "$digest" '.tags[0].digest == $digest and .tags[0].size_bytes > 100000'
}
check "and the tags with digest and size" tagged
check "a tag is deleted by skopeo as admin" skopeo delete --tls-verify=false \
  --creds "admin:$ADMIN_PASSWORD" "docker://$HOSTPORT/demo/copy:v2"
refuse "and is gone" skopeo inspect --tls-verify=false \
  --creds dev:user-password "docker://$HOSTPORT/demo/copy:v2"
finish
