#!/usr/bin/env bash
# crane pushes, pulls, copies by mount, edits, lists and deletes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

CRANE=$("$ROOT/tests/tools/go_tool.sh" crane)
export DOCKER_CONFIG=$TMP/docker-config
crane() { "$CRANE" "$@"; }
start_skerry
project demo
project other
member dev demo developer
member keeper demo maintainer
make_image "$TMP/image" one 3000000
make_image "$TMP/arm" two 100000 arm64
digest=$(layout_digest "$TMP/image")
image=$HOSTPORT/demo/crane/app

refuse "crane cannot push before login" crane push "$TMP/image" "$image:v1"
check "crane logs in" crane auth login "$HOSTPORT" -u dev -p user-password
check "crane pushes a layout" crane push "$TMP/image" "$image:v1"
same_digest() { [ "$(crane digest "$1")" = "$digest" ]; }
check "the digest is the layout's" same_digest "$image:v1"
check "crane finds it well formed" crane validate --remote "$image:v1"
check "crane reads the configuration" \
  sh -c "'$CRANE' config '$image:v1' | jq -e '.config.Cmd == [\"/data\"]'"
check "a second push sends the manifest alone" \
  uploads_at_most 2000 crane push "$TMP/image" "$image:again"

check "crane copies to another repository by mount" \
  uploads_at_most 2000 crane copy "$image:v1" "$HOSTPORT/demo/copied:v1"
check "the copy has the same digest" same_digest "$HOSTPORT/demo/copied:v1"
check "the copy is well formed" crane validate --remote "$HOSTPORT/demo/copied:v1"
api PUT /projects/other/members/dev '{"role":"developer"}' >/dev/null
check "crane copies to another project by mount" \
  uploads_at_most 2000 crane copy "$image:v1" "$HOSTPORT/other/app:v1"

pulls_same_layout() {
  crane pull --format oci "$image:v1" "$TMP/back" &&
    diff -r "$TMP/image/blobs" "$TMP/back/blobs"
}
check "crane pulls the same bytes" pulls_same_layout
exports() { crane export "$image:v1" - | tar -tf - | grep -qx data; }
check "crane exports the file system" exports

mkdir "$TMP/more"
echo more >"$TMP/more/file"
tar -C "$TMP/more" -czf "$TMP/more.tar.gz" file
check "crane appends a layer" crane append -b "$image:v1" -f "$TMP/more.tar.gz" -t "$image:more"
appended() { crane export "$image:more" - | tar -xOf - file | grep -qx more; }
check "which is there" appended
check "crane changes a label" crane mutate "$image:more" -l who=crane -t "$image:label"
labelled() { crane config "$image:label" | jq -e '.config.Labels.who == "crane"'; }
check "which is there too" labelled
check "crane flattens" crane flatten "$image:more" -t "$image:flat"
flat() { crane manifest "$image:flat" | jq -e '.layers | length == 1'; }
check "to one layer" flat
check "crane builds an image from nothing" \
  crane append --oci-empty-base -f "$TMP/more.tar.gz" -t "$HOSTPORT/demo/scratch:v1"

check "crane pushes for another platform" crane push "$TMP/arm" "$image:arm"
check "crane appends to an index" \
  crane index append -m "$image:v1" -m "$image:arm" -t "$image:index"
platforms() {
  [ "$(crane manifest "$image:index" | jq -c '[.manifests[].platform.architecture]')" = '["amd64","arm64"]' ]
}
check "the index has both platforms" platforms
by_platform() { [ "$(crane digest --platform linux/amd64 "$image:index")" = "$digest" ]; }
check "crane chooses by platform" by_platform
check "crane nests an index in an index" crane index append --flatten=false \
  -m "$image:index" -t "$image:nested"
nested() {
  crane manifest "$image:nested" |
    jq -e '.manifests[0].mediaType == "application/vnd.oci.image.index.v1+json"'
}
check "which stays nested" nested
check "the nested index is well formed" crane validate --remote "$image:nested"
check "crane copies it whole" crane copy "$image:nested" "$HOSTPORT/other/nested:v1"
check "the copy is well formed" crane validate --remote "$HOSTPORT/other/nested:v1"

check "crane tags" crane tag "$image:v1" v2
tags() { [ "$(crane ls "$image" | xargs)" = "again arm flat index label more nested v1 v2" ]; }
check "crane lists the tags in order" tags
check "crane copies all tags" crane copy -a "$image" "$HOSTPORT/demo/all"
all_tags() { [ "$(crane ls "$HOSTPORT/demo/all" | wc -l)" = 9 ]; }
check "and they are all there" all_tags
catalog() {
  [ "$(crane catalog "$HOSTPORT" | xargs)" = \
    "demo/all demo/copied demo/crane/app demo/scratch other/app other/nested" ]
}
check "crane lists the repositories" catalog

check "a developer's deletion is denied by name" \
  says "may not delete in project 'demo'" crane delete "$image:v2"
check "crane logs in as the maintainer" crane auth login "$HOSTPORT" -u keeper -p user-password
check "crane deletes a tag" crane delete "$image:v2"
check "its image stays" same_digest "$image:v1"
check "crane deletes by digest" crane delete "$HOSTPORT/demo/copied@$digest"
check "its tags are gone" says MANIFEST_UNKNOWN crane digest "$HOSTPORT/demo/copied:v1"
finish
