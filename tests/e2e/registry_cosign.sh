#!/usr/bin/env bash
# cosign signs, attests and verifies with a key and without internet: bundles
# found by the referrers API, signatures by the API, and by tag.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

COSIGN=$("$ROOT/tests/tools/go_tool.sh" cosign)
CRANE=$("$ROOT/tests/tools/go_tool.sh" crane)
export DOCKER_CONFIG=$TMP/docker-config HOME=$TMP/home
export COSIGN_PASSWORD=key-password COSIGN_YES=true
start_skerry
project demo
member dev demo developer
member eve demo viewer
make_image "$TMP/image" one
make_image "$TMP/other" two
digest=$(layout_digest "$TMP/image")
name=$HOSTPORT/demo/cosign/app
image=$name@$digest
cd "$TMP"
log_in() { "$CRANE" auth login "$HOSTPORT" -u "$1" -p user-password; }
log_in dev >/dev/null 2>&1
"$CRANE" push "$TMP/image" "$name:v1" >/dev/null 2>&1
"$CRANE" push "$TMP/other" "$name:other" >/dev/null 2>&1

# Nothing of the transparency log, the authority and their configuration.
sign() { "$COSIGN" "$1" --key cosign.key --tlog-upload=false --use-signing-config=false "${@:2}"; }
verify() { "$COSIGN" "$1" --key "${KEY:-cosign.pub}" --insecure-ignore-tlog=true "${@:2}"; }
by_tag=--new-bundle-format=false
tags() { "$CRANE" ls "$name" | xargs; }
referrers() { # how many of this type
  curl -fsS -u dev:user-password "$BASE/v2/demo/cosign/app/referrers/$digest" |
    jq -e --arg type "$1" --argjson count "$2" \
      '[.manifests[] | select(.artifactType == $type)] | length == $count'
}

check "cosign makes a key pair" "$COSIGN" generate-key-pair
refuse "an image without signature does not verify" verify verify "$image"
check "cosign signs" sign sign "$image"
check "by a bundle that refers to the image" \
  referrers application/vnd.dev.sigstore.bundle.v0.3+json 1
check "and no tag" test "$(tags)" = "other v1"
check "cosign verifies" verify verify "$image"
check "and by tag" verify verify "$name:v1"
refuse "an unsigned image beside it does not verify" verify verify "$name:other"
check "cosign makes another key" "$COSIGN" generate-key-pair --output-key-prefix wrong
with_wrong_key() { KEY=wrong.pub verify verify "$image"; }
refuse "another key does not verify it" with_wrong_key

check "cosign signs by tag, as it did before version 3" sign sign "$by_tag" "$image"
check "the tag is there" test "$(tags)" = "other sha256-${digest#sha256:}.sig v1"
check "cosign verifies it" verify verify "$by_tag" "$image"
check "a second signature with an annotation joins the first" \
  sign sign "$by_tag" -a build=7 "$image"
check "cosign verifies the annotation" verify verify "$by_tag" -a build=7 "$image"
refuse "and not another" verify verify "$by_tag" -a build=8 "$image"
export COSIGN_EXPERIMENTAL=1
check "cosign signs with OCI 1.1 referrers" \
  sign sign "$by_tag" --registry-referrers-mode=oci-1-1 "$image"
check "the API lists the signature" \
  referrers application/vnd.dev.cosign.artifact.sig.v1+json 1
check "cosign verifies it by the API" \
  verify verify "$by_tag" --experimental-oci11 "$image"
unset COSIGN_EXPERIMENTAL

echo '{"builder":"skerry"}' >predicate.json
echo '{"bomFormat":"CycloneDX","specVersion":"1.5"}' >sbom.json
check "cosign attests" sign attest --predicate predicate.json --type custom "$image"
check "by a second bundle" referrers application/vnd.dev.sigstore.bundle.v0.3+json 2
check "cosign verifies the attestation" verify verify-attestation --type custom "$image"
refuse "there is none of another type" verify verify-attestation --type cyclonedx "$image"
check "cosign attests an SBOM by tag" \
  sign attest "$by_tag" --predicate sbom.json --type cyclonedx "$image"
check "cosign verifies that too" \
  verify verify-attestation "$by_tag" --type cyclonedx "$image"
check "cosign attaches a bare SBOM" "$COSIGN" attach sbom --sbom sbom.json \
  --type cyclonedx "$image"
sbom() {
  "$COSIGN" download sbom "$image" | cmp - sbom.json
}
check "and downloads it" sbom
tree() { "$COSIGN" tree "$image" | grep -c 'via OCI referrer' | grep -qx 3; }
check "cosign shows the tree of all" tree
check "cosign copies the image with what was signed" \
  "$COSIGN" copy "$name:v1" "$HOSTPORT/demo/cosign/copy:v1"
check "the copy verifies" verify verify "$by_tag" "$HOSTPORT/demo/cosign/copy:v1"

log_in eve >/dev/null 2>&1
check "a viewer verifies" verify verify "$image"
check "a viewer's signature is denied by name" \
  says "eve may not push to project 'demo'" sign sign "$image"
restart_skerry
check "all is there after a restart" verify verify "$image"
finish
