#!/usr/bin/env bash
# oras pushes artifacts, attaches others to them, finds, copies, backs up and
# deletes them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

ORAS=$("$ROOT/tests/tools/go_tool.sh" oras)
export HOME=$TMP/home
oras() { # COMMAND or "GROUP COMMAND", then its arguments
  local words=$1
  shift
  # shellcheck disable=SC2086
  "$ORAS" $words --plain-http --registry-config "$TMP/oras.json" "$@"
}
oras_copy() {
  "$ORAS" cp --no-tty --from-plain-http --to-plain-http --from-registry-config "$TMP/oras.json" \
    --to-registry-config "$TMP/oras.json" "$@"
}
start_skerry
project demo
member dev demo developer
member eve demo viewer
member keeper demo maintainer
name=$HOSTPORT/demo/oras/artifact
cd "$TMP"
head -c 2000000 /dev/urandom >model.bin
printf '{"bomFormat":"CycloneDX"}' >sbom.json
printf 'signed' >signature.txt

check "oras logs in" oras login "$HOSTPORT" -u dev -p user-password
check "oras pushes an artifact of two files under two tags" oras push --no-tty \
  --artifact-type application/vnd.acme.model "$name:v1,latest" \
  model.bin:application/vnd.acme.weights sbom.json:application/json \
  --annotation org.acme.step=train
pulls_same() {
  oras pull --no-tty -o pulled "$name:v1" && cmp model.bin pulled/model.bin &&
    cmp sbom.json pulled/sbom.json
}
check "oras pulls the same files" pulls_same
digest=$(oras resolve "$name:v1")
resolves() { [ "$(oras resolve "$name:latest")" = "$digest" ] && [[ $digest == sha256:* ]]; }
check "both tags resolve to one digest" resolves
empty_config() {
  oras "manifest fetch" "$name@$digest" | jq -e '
    .config.mediaType == "application/vnd.oci.empty.v1+json"
    and .artifactType == "application/vnd.acme.model"
    and .annotations["org.acme.step"] == "train"'
}
check "the manifest has the empty configuration and its type" empty_config
check "a push of the same sends only manifests" uploads_at_most 4000 oras push --no-tty \
  --artifact-type application/vnd.acme.model "$name:v2" model.bin:application/vnd.acme.weights

check "oras attaches an SBOM" oras attach --no-tty --artifact-type application/vnd.cyclonedx \
  "$name@$digest" sbom.json:application/json
sbom=$(oras discover --format json --artifact-type application/vnd.cyclonedx "$name:v1" |
  jq -r '.referrers[0].digest')
check "and a signature to the SBOM" oras attach --no-tty \
  --artifact-type application/vnd.acme.signature --annotation who=dev "$name@$sbom" signature.txt
check "and annotations alone" oras attach --no-tty \
  --artifact-type application/vnd.acme.note --annotation note=good "$name@$digest"
tree() {
  oras discover --format json "$name:v1" | jq -e '
    [.referrers[].artifactType] == ["application/vnd.cyclonedx","application/vnd.acme.note"] or
    [.referrers[].artifactType] == ["application/vnd.acme.note","application/vnd.cyclonedx"]'
}
check "oras finds both by the referrers API" tree
by_type() {
  oras discover --distribution-spec v1.1-referrers-api --format json \
    --artifact-type application/vnd.acme.note "$name:v1" |
    jq -e '.referrers | length == 1 and .[0].annotations.note == "good"'
}
check "oras filters by type, and the annotations came along" by_type
of_sbom() {
  oras discover --format json "$name@$sbom" | jq -e '.referrers | length == 1'
}
check "the SBOM has its signature" of_sbom
no_fallback_tags() { [ "$(oras "repo tags" "$name" | xargs)" = "latest v1 v2" ]; }
check "oras lists the tags, and none is a fallback" no_fallback_tags
repositories() { [ "$(oras "repo ls" "$HOSTPORT" | xargs)" = demo/oras/artifact ]; }
check "oras lists the repositories" repositories
check "a client from before the API attaches by the tag schema" oras attach --no-tty \
  --distribution-spec v1.1-referrers-tag --artifact-type application/vnd.acme.old \
  --annotation note=old "$name@$digest"
absorbed() {
  oras discover --distribution-spec v1.1-referrers-api --format json \
    --artifact-type application/vnd.acme.old "$name:v1" | jq -e '.referrers | length == 1'
}
check "the API knows it too" absorbed

copies_all() {
  oras_copy -r "$name:v1" "$HOSTPORT/demo/oras/copy:v1" &&
    [ "$(oras resolve "$HOSTPORT/demo/oras/copy:v1")" = "$digest" ] &&
    oras discover --format json "$HOSTPORT/demo/oras/copy:v1" | jq -e '.referrers | length == 3'
}
check "oras copies an artifact with all that refers to it, by mount" \
  uploads_at_most 20000 copies_all
restores() {
  oras backup --no-tty --include-referrers -o backup.tar "$name:v1" &&
    oras restore --no-tty --input backup.tar "$HOSTPORT/demo/oras/restored:v1" &&
    oras discover --format json "$HOSTPORT/demo/oras/restored:v1" |
    jq -e '.referrers | length == 3'
}
check "oras backs it up to a file and restores it" restores

blob() {
  local blob
  blob=sha256:$(sha256sum signature.txt | cut -d' ' -f1)
  oras "blob push" "$name" signature.txt &&
    [ "$(oras "blob fetch" --output - "$name@$blob")" = signed ]
}
check "oras pushes and fetches a blob" blob
index() {
  oras "manifest index create" "$name:index" v1 v2 --artifact-type application/vnd.acme.set &&
    oras "manifest fetch" "$name:index" | jq -e '.manifests | length == 2'
}
check "oras makes an index of artifacts" index
check "oras tags" oras tag "$name:v1" stable
check "the new tag resolves" test "$(oras resolve "$name:stable")" = "$digest"

reads_only() { oras login "$HOSTPORT" -u eve -p user-password && oras pull --no-tty -o eve "$name:v1"; }
check "a viewer pulls" reads_only
check "a viewer's attach is denied by name" says "eve may not push to project 'demo'" \
  oras attach --no-tty --artifact-type a/b --annotation a=b "$name:v1"
check "a viewer's deletion is denied" says denied oras "manifest delete" -f "$name:v1"
oras login "$HOSTPORT" -u keeper -p user-password >/dev/null
check "a maintainer deletes an artifact" oras "manifest delete" -f "$name@$digest"
check "which is gone with its tags" says "not found" oras resolve "$name:stable"
check "what referred to it can still be read" oras "manifest fetch" "$name@$sbom"
finish
