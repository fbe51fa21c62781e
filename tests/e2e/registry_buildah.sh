#!/usr/bin/env bash
# buildah builds from scratch and pushes every format and compression that it
# has, and lists of several platforms.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

export REGISTRY_AUTH_FILE=$TMP/auth.json BUILDAH_ISOLATION=chroot
run_buildah() { # store command...
  local store=$1
  shift
  buildah --root "$TMP/$store" --runroot "$TMP/$store-run" --storage-driver vfs "$@"
}
build() { run_buildah store "$@"; }
start_skerry
project demo
member dev demo developer
name=$HOSTPORT/demo/buildah
head -c 300000 /dev/urandom >"$TMP/payload"
printf 'FROM scratch\nARG what=app\nCOPY payload /payload\nCOPY $what.txt /\nCMD ["/payload"]\n' \
  >"$TMP/Containerfile"
for what in app zstd chunked; do echo $what >"$TMP/$what.txt"; done

check "buildah logs in" build login --tls-verify=false -u dev -p user-password "$HOSTPORT"
# buildah takes a layer that it has pushed before as it is, in its older
# compression; so each compression gets layers of its own.
bud() { build bud -q --build-arg "what=$1" -t "$name/$1:local" "${@:2}" -f "$TMP/Containerfile" "$TMP"; }
check "buildah builds from scratch" bud app
push() { build push -q --tls-verify=false "$@"; }
manifest() { curl -fsS -u dev:user-password -H 'Accept: */*' "$BASE/v2/demo/buildah/$1"; }
layer_type() { # repository:tag type; the digest of the stored bytes too
  local type digest
  type=$(manifest "${1%:*}/manifests/${1#*:}" | jq -r '.layers[0].mediaType')
  digest=$(manifest "${1%:*}/manifests/${1#*:}" | jq -r '.layers[0].digest')
  manifest "${1%:*}/blobs/$digest" >"$TMP/layer"
  echo "$type $digest"
  [ "$type" = "$2" ] && [ "sha256:$(sha256sum "$TMP/layer" | cut -d' ' -f1)" = "$digest" ]
}
oci=application/vnd.oci.image.layer.v1.tar
check "it pushes an OCI image" push --format oci "$name/app:local" "docker://$name/oci:v1"
check "with gzip layers" layer_type oci:v1 $oci+gzip
check "it pushes a Docker image of schema 2" push --format v2s2 "$name/app:local" "docker://$name/docker:v1"
check "with Docker's layers" layer_type docker:v1 application/vnd.docker.image.rootfs.diff.tar.gzip
schema_two() {
  manifest docker/manifests/v1 |
    jq -e '.mediaType == "application/vnd.docker.distribution.manifest.v2+json"'
}
check "as a Docker manifest" schema_two
bud zstd >/dev/null
check "it pushes zstd" push --format oci --compression-format zstd "$name/zstd:local" "docker://$name/zstd:v1"
check "with zstd layers" layer_type zstd:v1 $oci+zstd
is_zstd() { [ "$(head -c 4 "$TMP/layer" | od -An -tx1 | tr -d ' ')" = 28b52ffd ]; }
check "that are zstd" is_zstd
bud chunked >/dev/null
check "it pushes zstd:chunked" push --format oci --compression-format zstd:chunked \
  "$name/chunked:local" "docker://$name/chunked:v1"
chunked() {
  layer_type chunked:v1 $oci+zstd && manifest chunked/manifests/v1 |
    jq -e '.layers[0].annotations | has("io.containers.zstd-chunked.manifest-checksum")'
}
check "with the table of its chunks" chunked
check "it pushes without compression" push -D --format oci "$name/app:local" "docker://$name/plain:v1"
refuse "Docker's schema 1 is refused" push --format v2s1 "$name/app:local" "docker://$name/old:v1"

pulls() { # tag: by a store that has nothing yet
  local mounted
  run_buildah "pull-${1%:*}" pull -q --tls-verify=false "$name/$1" >"$TMP/pulled" || return 1
  mounted=$(run_buildah "pull-${1%:*}" from --pull-never "$(cat "$TMP/pulled")")
  cmp "$TMP/payload" "$(run_buildah "pull-${1%:*}" mount "$mounted")/payload"
  local result=$?
  run_buildah "pull-${1%:*}" umount "$mounted" >/dev/null
  return $result
}
for kind in oci docker zstd chunked; do
  check "it pulls the $kind image with the same file" pulls "$kind:v1"
done

lists() { # format
  build manifest create "list-$1" && for arch in amd64 arm64; do
    build bud -q --arch "$arch" -t "part-$1-$arch" -f "$TMP/Containerfile" "$TMP" &&
      build manifest add "list-$1" "containers-storage:localhost/part-$1-$arch" || return 1
  done
  build manifest push -q --tls-verify=false --all --format "$1" "list-$1" "docker://$name/list-$1:v1"
}
list_type() { # repository type
  manifest "$1/manifests/v1" | jq -e --arg type "$2" '
    .mediaType == $type and ([.manifests[].platform.architecture] | sort) == ["amd64","arm64"]'
}
check "it pushes an index of two platforms" lists oci
check "as an OCI index" list_type list-oci application/vnd.oci.image.index.v1+json
check "it pushes a list of two platforms" lists v2s2
check "as a Docker list" list_type list-v2s2 application/vnd.docker.distribution.manifest.list.v2+json
check "it pulls its own platform of the index" pulls list-oci:v1
check "skopeo copies the list whole" skopeo copy -q --all --src-tls-verify=false \
  --dest-tls-verify=false --authfile "$REGISTRY_AUTH_FILE" \
  "docker://$name/list-v2s2:v1" "docker://$name/copied:v1"
same_list() {
  cmp <(manifest list-v2s2/manifests/v1) <(manifest copied/manifests/v1)
}
check "byte for byte" same_list
finish
