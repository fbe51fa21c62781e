#!/usr/bin/env bash
# Images are found, looked into, deleted and brought back on the page; garbage
# collection and scrub are started and followed there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
. "$(dirname "$0")/page_lib.bash"
# Garbage is garbage at once, so that a collection finds some.
SKERRY_REGISTRY_BLOB_GRACE=0s start_skerry
project demo
project other

# Two images, an index of both, an artifact that refers to the first.
push() { # FOLDER REFERENCE
  skopeo copy -q --dest-tls-verify=false --dest-creds "admin:$ADMIN_PASSWORD" \
    "oci:$1:v1" "docker://$HOSTPORT/$2"
}
put_manifest() { # REPOSITORY REFERENCE TYPE FILE
  curl -fsS -o /dev/null -u "admin:$ADMIN_PASSWORD" -X PUT \
    -H "Content-Type: $3" --data-binary "@$4" "$BASE/v2/$1/manifests/$2"
}
make_image "$TMP/one" one 3000000
make_image "$TMP/two" two 200000 arm64
python3 "$ROOT/tests/e2e/add_history.py" "$TMP/one" \
  '/bin/sh -c #(nop) ADD file:1 in / ' '/bin/sh -c #(nop)  CMD ["/data"]'
push "$TMP/one" demo/tools/app:v1
push "$TMP/one" demo/tools/app:stable
push "$TMP/two" demo/tools/app:arm
push "$TMP/two" other/small:v1
index=application/vnd.oci.image.index.v1+json
manifest=application/vnd.oci.image.manifest.v1+json
one=$(layout_digest "$TMP/one")
two=$(layout_digest "$TMP/two")
size_of() { stat -c %s "$1/blobs/sha256/$(layout_digest "$1" | cut -d: -f2)"; }
cat >"$TMP/index.json" <<JSON
{"schemaVersion":2,"mediaType":"$index","manifests":[
{"mediaType":"$manifest","digest":"$one","size":$(size_of "$TMP/one"),"platform":{"os":"linux","architecture":"amd64"}},
{"mediaType":"$manifest","digest":"$two","size":$(size_of "$TMP/two"),"platform":{"os":"linux","architecture":"arm64"}}]}
JSON
put_manifest demo/tools/app all "$index" "$TMP/index.json"
config=$(jq -c .config "$TMP/one/blobs/sha256/${one#sha256:}")
refer() { # TYPE SUBJECT FILE
  cat >"$3" <<JSON
{"schemaVersion":2,"mediaType":"$manifest","artifactType":"$1","config":$config,
"layers":[],"subject":$2,"annotations":{"org.example.by":"$1"}}
JSON
  put_manifest demo/tools/app "sha256:$(sha256sum "$3" | cut -d' ' -f1)" "$manifest" "$3"
}
descriptor() { echo "{\"mediaType\":\"$manifest\",\"digest\":\"$1\",\"size\":$2}"; }
refer application/spdx+json "$(descriptor "$one" "$(size_of "$TMP/one")")" "$TMP/sbom.json"
refer application/vnd.cncf.notary.signature \
  "$(descriptor "sha256:$(sha256sum "$TMP/sbom.json" | cut -d' ' -f1)" "$(stat -c %s "$TMP/sbom.json")")" \
  "$TMP/signature.json"

export DIGEST=$one
check "repositories are found, with what the project uses" claim page_images.mjs repositories
check "tags are listed with platform, pulls and a command to pull" claim page_images.mjs tags
check "an image shows layers with their commands, and the tree of referrers" claim page_images.mjs details
check "an index leads to the image of each platform" claim page_images.mjs index
check "an artifact is pulled with oras" claim page_images.mjs artifact
check "a tag is deleted and brought back" claim page_images.mjs deletes_tag
check "an image is deleted with what it frees, and brought back" claim page_images.mjs deletes_image
tagged() { api GET '/projects/demo/images/tags?repository=tools/app' | jq -e '[.tags[].name] == ["all","arm","stable","v1"]'; }
check "all is as it was" tagged
check "a wrong policy is refused at its field, a right one saved" claim page_images.mjs policy
saved() {
  api GET /projects/demo/images/policy | jq -e '.quota_bytes == 1073741824 and
    .immutable_tags == [{"repositories":"**","tags":"v*"}] and
    .retention.rules[0].keep_last == 3'
}
check "the server has it" saved
check "an immutable tag is not deleted, and the page says why" claim page_images.mjs immutable
check "nodes are told how to pull from here" claim page_images.mjs nodes
check "storage is plotted by project" claim page_images.mjs storage
check "a dry run of garbage collection lists what would go" claim page_images.mjs dry_run
check "a scrub reads everything again" claim page_images.mjs scrub
damage() {
  local layer
  layer=$(jq -r '.layers[0].digest' "$TMP/two/blobs/sha256/${two#sha256:}")
  layer=${layer#sha256:}
  chmod u+w "$DATA/blobs/sha256/${layer:0:2}/$layer"
  printf 'x' | dd of="$DATA/blobs/sha256/${layer:0:2}/$layer" conv=notrunc status=none
}
damage
check "and names a damaged image" claim page_images.mjs scrub_fault
check "a repository is deleted" claim page_images.mjs deletes_repository
check "everything fits a phone" claim page_images.mjs phone
check "and speaks Korean" claim page_images.mjs korean
finish
