#!/usr/bin/env bash
# Content and names that few images have, by real clients where they can write
# them: what the specification allows is kept byte for byte, the rest is refused
# with its own error code.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

CRANE=$("$ROOT/tests/tools/go_tool.sh" crane)
ORAS=$("$ROOT/tests/tools/go_tool.sh" oras)
export DOCKER_CONFIG=$TMP/docker-config HOME=$TMP/home REGISTRY_AUTH_FILE=$TMP/auth.json
start_skerry
project demo
project mirror
member dev demo maintainer
api PUT /projects/mirror/members/dev '{"role":"developer"}' >/dev/null
cd "$TMP"
oras() { # COMMAND or "GROUP COMMAND", then its arguments
  local words=$1
  shift
  # shellcheck disable=SC2086
  "$ORAS" $words --plain-http --registry-config "$TMP/oras.json" "$@"
}
"$CRANE" auth login "$HOSTPORT" -u dev -p user-password >/dev/null 2>&1
oras login "$HOSTPORT" -u dev -p user-password >/dev/null 2>&1
skopeo login --tls-verify=false -u dev -p user-password "$HOSTPORT" >/dev/null
copy() { skopeo copy -q --src-tls-verify=false --dest-tls-verify=false "$@"; }
http() { curl -sS --path-as-is -u dev:user-password "$@"; }
answers() { # status code-in-the-body curl's arguments...
  local got want=$1 error=$2
  shift 2
  got=$(http -o answer -w '%{http_code}' "$@")
  echo "status $got"
  cat answer
  [ "$got" = "$want" ] && { [ -z "$error" ] || jq -e --arg error "$error" '.errors[0].code == $error' answer; }
}
v2=$BASE/v2/demo/odd
name=$HOSTPORT/demo/odd
oci=application/vnd.oci.image
put() { # reference file media type
  http -o answer -w '%{http_code}\n' -X PUT -H "Content-Type: $3" --data-binary "@$2" "$v2/manifests/$1" |
    grep -qx 201 || { cat answer; return 1; }
  cmp "$2" <(http -H 'Accept: */*' "$v2/manifests/$1")
}
digest_of() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }
blob() { http -fo /dev/null -X POST -H 'Content-Type: application/octet-stream' --data-binary "@$1" \
  "$v2/blobs/uploads/?digest=${2:-$(digest_of "$1")}"; }

# Foreign layers: the registry need not have them.
make_image image one
copy oci:image:v1 "docker://$name:plain"
foreign=$(jq -c --arg type $oci.layer.nondistributable.v1.tar+gzip '.layers += [{mediaType: $type,
  digest: ("sha256:" + ("0123456789abcdef" * 4)), size: 5, urls: ["http://127.0.0.1:1/layer"]}]' \
  "image/blobs/sha256/$(layout_digest image | cut -d: -f2)")
printf %s "$foreign" >foreign
check "an image with a foreign layer that is nowhere is kept" put foreign foreign $oci.manifest.v1+json
check "crane copies it and leaves that layer out" "$CRANE" copy "$name:foreign" "$HOSTPORT/demo/foreign:v1"
jq -c '.mediaType = "application/vnd.docker.distribution.manifest.v2+json"
  | .config.mediaType = "application/vnd.docker.container.image.v1+json"
  | .layers[0].mediaType = "application/vnd.docker.image.rootfs.diff.tar.gzip"
  | .layers[1].mediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"' foreign >docker-foreign
check "and Docker's kind of it" put docker-foreign docker-foreign \
  application/vnd.docker.distribution.manifest.v2+json

# Artifacts: a subject that comes later, nothing but annotations, empty files.
printf '{"schemaVersion":2,"mediaType":"%s","artifactType":"a/late","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},"layers":[]}' \
  $oci.manifest.v1+json sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a >subject
subject=$(digest_of subject)
jq -c --arg digest "$subject" --arg type $oci.manifest.v1+json --arg size "$(stat -c %s subject)" \
  '.artifactType = "a/early" | .subject = {mediaType: $type, digest: $digest, size: ($size | tonumber)}' subject >early
printf '{}' >empty
check "the empty descriptor's blob is pushed" oras "blob push" "$name" empty
check "oras pushes an artifact before its subject" oras "manifest push" "$name:early" early
referrers() { http "$v2/referrers/$subject" | jq -e '.manifests | length == 1 and .[0].artifactType == "a/early"'; }
check "it is listed while the subject is missing" referrers
check "the subject is pushed" oras "manifest push" "$name:late" subject
check "it is listed still" referrers
: >nothing
zero() {
  oras push --no-tty --artifact-type a/zero "$name:zero" nothing:text/plain &&
    oras pull --no-tty -o zero "$name:zero" && [ -e zero/nothing ] && [ ! -s zero/nothing ]
}
check "oras pushes and pulls an empty file" zero
long=sha512:$(sha512sum image/oci-layout | cut -d' ' -f1)
sha512() {
  oras "blob push" "$name@$long" image/oci-layout &&
    oras "blob fetch" --output - "$name@$long" | cmp - image/oci-layout
}
check "oras pushes and fetches a blob by sha512" sha512
jq -c --arg digest "$long" --arg size "$(stat -c %s image/oci-layout)" \
  '.layers = [{mediaType: "text/plain", digest: $digest, size: ($size | tonumber)}]' subject >long
long_manifest=sha512:$(sha512sum long | cut -d' ' -f1)
by_sha512() {
  put "$long_manifest" long $oci.manifest.v1+json && oras "manifest fetch" --output - "$name@$long_manifest" | cmp - long
}
check "oras fetches a manifest by sha512" by_sha512
check "crane reads the blob by sha512" sh -c "'$CRANE' blob '$name@$long' | cmp - image/oci-layout"

# Indexes in indexes, and one whose children are of different registries' kinds.
entry() { printf '{"mediaType":"%s","digest":"%s","size":%s}' "$2" "$(digest_of "$1")" "$(stat -c %s "$1")"; }
printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s,%s]}' $oci.index.v1+json \
  "$(entry docker-foreign application/vnd.docker.distribution.manifest.v2+json)" \
  "$(entry subject $oci.manifest.v1+json)" >mixed
check "an index of a Docker image and an artifact is kept" put mixed mixed $oci.index.v1+json
printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s]}' $oci.index.v1+json "$(entry mixed $oci.index.v1+json)" >outer
check "and an index of that index" put outer outer $oci.index.v1+json
check "oras copies it whole" "$ORAS" cp --no-tty --from-plain-http --to-plain-http \
  --from-registry-config oras.json --to-registry-config oras.json "$name:outer" "$HOSTPORT/demo/outer:v1"

# Size: the specification demands 4 MiB; beyond the setting it is 413.
padded() { # bytes: the artifact with an annotation that makes it so long
  python3 -c 'import json, sys
text = json.load(open("subject")); text["annotations"] = {"a": ""}
text["annotations"]["a"] = "x" * (int(sys.argv[1]) - len(json.dumps(text)))
sys.stdout.write(json.dumps(text))' "$1"
}
padded $((4 << 20)) >four
check "a manifest of 4 MiB is kept" put four four $oci.manifest.v1+json
check "oras fetches it" sh -c "'$ORAS' manifest fetch --plain-http --registry-config oras.json --output - '$name:four' | cmp - four"
padded $((8 << 20)) >eight
check "one of registry.max_manifest_size is kept" put eight eight $oci.manifest.v1+json
padded $(((8 << 20) + 1)) >larger
check "one byte more is 413" answers 413 SIZE_INVALID -X PUT -H "Content-Type: $oci.manifest.v1+json" \
  --data-binary @larger "$v2/manifests/larger"
check "also when its length is not announced" answers 413 SIZE_INVALID -X PUT \
  -H 'Transfer-Encoding: chunked' -H "Content-Type: $oci.manifest.v1+json" --data-binary @larger "$v2/manifests/larger"

# Tags that look like paths, digests in capitals, names at the limits.
push_tag() { answers "$1" "$2" -X PUT -H "Content-Type: $oci.manifest.v1+json" \
  --data-binary @subject "$v2/manifests/$3"; }
for tag in .hidden -x a%20b 'a+b' %C3%A4 a%2fb %2fetc%2fpasswd; do
  check "the tag $tag is refused" push_tag 400 TAG_INVALID "$tag"
  check "and not found" answers 404 MANIFEST_UNKNOWN "$v2/manifests/$tag"
done
for tag in .. . %2e%2e %2e%2e%2fpasswd ..%2f..%2fetc%2fpasswd a%00b ../../etc/passwd; do
  check "the path $tag is refused" push_tag 400 NAME_INVALID "$tag"
  check "for reading too" answers 400 NAME_INVALID "$v2/manifests/$tag"
done
check "a tag with a slash is no manifest's place" push_tag 404 NAME_UNKNOWN etc/passwd
capital=sha256:$(sha256sum subject | cut -d' ' -f1 | tr a-f A-F)
for url in "manifests/$capital" "blobs/$capital" "referrers/$capital"; do
  check "a digest in capitals is invalid in ${url%%/*}" answers 400 DIGEST_INVALID "$v2/$url"
done
check "and SHA256" answers 400 DIGEST_INVALID "$v2/blobs/SHA256:${subject#*:}"
check "in a push at once" answers 400 DIGEST_INVALID -X POST --data-binary @subject \
  "$v2/blobs/uploads/?digest=$capital"
check "in a mount" answers 400 DIGEST_INVALID -X POST "$v2/blobs/uploads/?mount=$capital&from=demo/odd"
jq -c --arg digest "$capital" '.config.digest = $digest' subject >capital
check "and within a manifest" answers 400 DIGEST_INVALID -X PUT -H "Content-Type: $oci.manifest.v1+json" \
  --data-binary @capital "$v2/manifests/capital"
deep=demo/$(printf 'a.b_c__d-e/%.0s' $(seq 1 22))
deep=$deep$(printf 'x%.0s' $(seq 1 $((255 - ${#deep}))))
short=${deep:0:$((254 - ${#HOSTPORT}))}
check "skopeo pushes to the longest name that it knows" copy oci:image:v1 "docker://$HOSTPORT/${short%[/_.-]}:v1"
check "crane pushes to a name of 255 characters in 24 parts" "$CRANE" push image "$HOSTPORT/$deep:v1"
tag=$(printf 'T%.0s' $(seq 1 128))
check "crane tags there with 128 characters" "$CRANE" tag "$HOSTPORT/$deep:v1" "$tag"
listed() { "$CRANE" ls "$HOSTPORT/$deep" | grep -qx "$tag" && "$CRANE" catalog "$HOSTPORT" | grep -qx "$deep"; }
check "and lists both" listed
check "a name of 256 is refused" answers 400 NAME_INVALID -X POST "$BASE/v2/${deep}x/blobs/uploads/"
check "a tag of 129 is refused" answers 400 TAG_INVALID -X PUT -H "Content-Type: $oci.manifest.v1+json" \
  --data-binary @subject "$v2/manifests/${tag}T"

# skopeo mirrors a whole repository to another project, sending nothing twice.
sync_all() {
  skopeo sync --all --src docker --dest docker --src-tls-verify=false --dest-tls-verify=false \
    "$HOSTPORT/demo/mirrored" "$HOSTPORT/mirror"
}
make_image sync-one sync-one 3000000
copy oci:sync-one:v1 "docker://$HOSTPORT/demo/mirrored:v1"
copy oci:sync-one:v1 "docker://$HOSTPORT/demo/mirrored:v2"
printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s]}' $oci.index.v1+json \
  "$(jq -c '.manifests[0] | del(.annotations) + {platform:{os:"linux",architecture:"arm64"}}' sync-one/index.json)" >sync-index
v2=$BASE/v2/demo/mirrored put v3 sync-index $oci.index.v1+json
check "skopeo sync copies all tags by mount" uploads_at_most 10000 sync_all
same_tags() { [ "$("$CRANE" ls "$HOSTPORT/mirror/mirrored" | xargs)" = "v1 v2 v3" ]; }
check "they are all there" same_tags
same_index() { [ "$("$CRANE" digest "$HOSTPORT/mirror/mirrored:v3")" = "$(digest_of sync-index)" ]; }
check "the index kept its digest" same_index
again_by_folder() {
  skopeo sync --all --src docker --dest dir --src-tls-verify=false "$HOSTPORT/mirror/mirrored" folder &&
    skopeo sync --all --src dir --dest docker --dest-tls-verify=false folder "$HOSTPORT/demo/from-folder" &&
    [ "$("$CRANE" digest "$HOSTPORT/demo/from-folder/mirrored:v1")" = "$(layout_digest sync-one)" ]
}
check "skopeo sync carries it through a folder" again_by_folder
finish
