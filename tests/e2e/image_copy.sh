#!/usr/bin/env bash
# Images go between registries, folders and archives with `skerry image copy`,
# and other clients read what it writes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
start_skerry
project demo
member eve demo viewer
export SKERRY_SERVER=$BASE SKERRY_USER=admin SKERRY_PASSWORD=$ADMIN_PASSWORD
export HOME=$TMP/home REGISTRY_AUTH_FILE=$TMP/auth.json
unset XDG_RUNTIME_DIR DOCKER_CONFIG
copy() { "$SKERRY" image copy "$@"; }
shows() { # PATTERN command...
  local pattern=$1
  shift
  "$@" >"$TMP/shown" 2>&1 || { cat "$TMP/shown"; return 1; }
  cat "$TMP/shown"
  grep -Eq "$pattern" "$TMP/shown"
}
digest_at() { # REPOSITORY TAG
  api GET "/projects/demo/images/manifest?repository=$1&reference=$2" | jq -r .digest
}

# 40 MB go in several pieces.
make_image "$TMP/one" one 40000000
make_image "$TMP/two" two 100000 arm64
one=$(layout_digest "$TMP/one")
check "an image is imported from a layout" \
  shows '^1 manifests, 2 blobs of 38\.2 MiB copied; 0 blobs were there$' \
  copy "oci:$TMP/one:v1" demo/app:v1
is() { [ "$(digest_at "$1" "$2")" = "$3" ]; }
check "under its digest" is app v1 "$one"
check "once more, nothing is sent" uploads_at_most 2000 copy "oci:$TMP/one" demo/app:again
check "to another repository it is mounted" \
  uploads_at_most 2000 copy demo/app:v1 demo/tools/copy:v2
check "by its digest, too" copy "demo/app@$one" demo/tools/copy:v3
check "and is the same" is tools/copy v3 "$one"

copy "oci:$TMP/two:v1" demo/app:arm >/dev/null 2>&1
two=$(layout_digest "$TMP/two")
manifest=application/vnd.oci.image.manifest.v1+json
index=application/vnd.oci.image.index.v1+json
size_of() { stat -c %s "$1/blobs/sha256/$(layout_digest "$1" | cut -d: -f2)"; }
put() { # REFERENCE TYPE FILE
  curl -fsS -o /dev/null -u "admin:$ADMIN_PASSWORD" -X PUT \
    -H "Content-Type: $2" --data-binary "@$3" "$BASE/v2/demo/app/manifests/$1"
}
described() { echo "{\"mediaType\":\"$manifest\",\"digest\":\"$1\",\"size\":$2,\"platform\":{\"os\":\"linux\",\"architecture\":\"$3\"}}"; }
first=$(described "$one" "$(size_of "$TMP/one")" amd64)
second=$(described "$two" "$(size_of "$TMP/two")" arm64)
echo "{\"schemaVersion\":2,\"mediaType\":\"$index\",\"manifests\":[$first,$second]}" >"$TMP/index.json"
put all "$index" "$TMP/index.json"
all=sha256:$(sha256sum "$TMP/index.json" | cut -d' ' -f1)
config=$(jq -c .config "$TMP/two/blobs/sha256/${two#sha256:}")
echo "{\"schemaVersion\":2,\"mediaType\":\"$manifest\",\"artifactType\":\"application/spdx+json\",\"config\":$config,\"layers\":[],\"subject\":$first}" >"$TMP/sbom.json"
sbom=sha256:$(sha256sum "$TMP/sbom.json" | cut -d' ' -f1)
put "$sbom" "$manifest" "$TMP/sbom.json"

check "an image of two platforms is exported with what refers to it" \
  shows '^4 manifests' copy --referrers demo/app:all "oci:$TMP/out:all"
check "skopeo reads the layout" skopeo copy -q --all "oci:$TMP/out:all" "dir:$TMP/dir"
check "it is the same index" cmp "$TMP/dir/manifest.json" "$TMP/index.json"
check "without what refers to it when not asked for" \
  shows '^3 manifests' copy demo/app:all "oci:$TMP/plain:all"
check "it is exported to an archive" \
  shows '^4 manifests' copy --referrers demo/app:all "oci-archive:$TMP/all.tar:all"
check "skopeo reads the archive" skopeo inspect --raw "oci-archive:$TMP/all.tar:all"
check "it is imported again" copy --referrers "oci-archive:$TMP/all.tar:all" demo/back/app:all
check "as it was" is back/app all "$all"
referred() {
  api GET "/projects/demo/images/manifest?repository=back/app&reference=$one" |
    jq -e --arg sbom "$sbom" '[.referrers[].digest] == [$sbom]'
}
check "with what refers to it" referred
skopeo copy -q --all "oci:$TMP/out:all" "oci-archive:$TMP/skopeo.tar:x" 2>/dev/null
check "an archive of skopeo's is imported" copy "oci-archive:$TMP/skopeo.tar:x" demo/back/skopeo:x
check "as it was, too" is back/skopeo x "$all"
no_scraps() { ! find "$TMP" -maxdepth 1 -name '.oci-archive-*' | grep -q .; }
check "nothing is left beside the archives" no_scraps

# A second server is another registry.
other_port=$(free_port)
mkdir "$TMP/other"
SKERRY_ADMIN_PASSWORD=other-password "$SKERRY" serve --data "$TMP/other" \
  --listen "http://127.0.0.1:$other_port" >"$TMP/other.log" 2>&1 &
other_pid=$!
at_end "kill $other_pid; wait $other_pid"
wait_until 15 curl -fso /dev/null "http://127.0.0.1:$other_port/readyz"
curl -fsS -o /dev/null -u admin:other-password -H 'Content-Type: application/json' \
  -d '{"name":"mirror"}' "http://127.0.0.1:$other_port/api/v1/projects"
there=127.0.0.1:$other_port/mirror/app
check "another registry wants to know who copies" \
  says "sign in with --src-creds or --dest-creds" copy --dest-plain-http demo/app:all "$there:all"
check "an image goes from registry to registry" \
  shows '^3 manifests' copy --dest-plain-http --dest-creds admin:other-password demo/app:all "$there:all"
check "a copy that is repeated sends nothing" \
  shows '4 blobs were there' copy --dest-plain-http --dest-creds admin:other-password demo/app:all "$there:all"
printf '{"auths":{"127.0.0.1:%s":{"auth":"%s"}}}' "$other_port" "$(printf admin:other-password | base64)" >"$TMP/auth.json"
check "with the login of docker and podman" copy --src-plain-http "docker://$there:all" "oci:$TMP/from-there:all"
check "it is the same" skopeo copy -q --all "oci:$TMP/from-there:all" "dir:$TMP/dir2"
check "byte for byte" cmp "$TMP/dir2/manifest.json" "$TMP/index.json"

viewer() { SKERRY_USER=eve SKERRY_PASSWORD=user-password "$SKERRY" image copy "$@"; }
check "a viewer exports" viewer demo/app:arm "oci:$TMP/eve:arm"
check "and may not import" says "eve may not push to project 'demo'" \
  viewer "oci:$TMP/two:v1" demo/app:eve
layer=$(jq -r '.layers[0].digest' "$TMP/two/blobs/sha256/${two#sha256:}")
printf 'x' | dd of="$TMP/two/blobs/sha256/${layer#sha256:}" conv=notrunc status=none
project empty
check "damage is noticed on the way" says "the bytes of $layer are not those" \
  copy "oci:$TMP/two:v1" empty/app:v1
check "a name that is none is explained" says "must have the form" copy demo/app "oci:$TMP/x"
check "a copy to a digest is refused" says "name it by a tag" copy demo/app:v1 "demo/app@$two"
finish
