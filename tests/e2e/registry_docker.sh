#!/usr/bin/env bash
# A real dockerd logs in, pushes, pulls, and pushes nothing twice.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_dockerd

start_skerry
project demo
member dev demo developer
image=$HOSTPORT/demo/docker/app
wait_until 30 docker version >/dev/null 2>&1

head -c 200000 /dev/urandom >"$TMP/layer-data"
tar -C "$TMP" -c layer-data | docker import - "$image:v1" >/dev/null
refuse "a push before login is refused" docker push -q "$image:v1"
check "a wrong password is refused" says unauthorized \
  docker login -u dev -p wrong "$HOSTPORT"
check "docker logs in" docker login -u dev -p user-password "$HOSTPORT"
check "docker pushes" docker push -q "$image:v1"
pushes_nothing() { docker push "$image:v1" | grep 'Layer already exists' >/dev/null; }
check "a second push uploads nothing" pushes_nothing
mounts() {
  docker tag "$image:v1" "$HOSTPORT/demo/docker/other:v1" &&
    docker push "$HOSTPORT/demo/docker/other:v1" | grep 'Mounted from demo/docker/app' >/dev/null
}
check "another repository gets the layer by mount" mounts
pulls_same() {
  local before after
  before=$(docker image inspect --format '{{.Id}}' "$image:v1")
  docker rmi "$image:v1" "$HOSTPORT/demo/docker/other:v1" >/dev/null
  docker pull -q "$image:v1"
  after=$(docker image inspect --format '{{.Id}}' "$image:v1")
  [ "$before" = "$after" ]
}
check "docker pulls the same image" pulls_same
docker tag "$image:v1" "$HOSTPORT/nope/app:v1"
check "an unknown project is named" says "there is no project 'nope'" \
  docker push "$HOSTPORT/nope/app:v1"
list_of_two() {
  docker tag "$image:v1" "$image:amd64" && docker push -q "$image:amd64" &&
    docker manifest create --insecure "$image:list" "$image:amd64" &&
    docker manifest push --insecure "$image:list" &&
    docker manifest inspect --insecure "$image:list" | jq -e '.manifests | length == 1'
}
check "docker pushes a manifest list" list_of_two
docker logout "$HOSTPORT" >/dev/null
docker rmi "$image:v1" >/dev/null
refuse "after logout nothing is pulled" docker pull -q "$image:v1"
finish
