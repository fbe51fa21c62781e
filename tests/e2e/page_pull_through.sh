#!/usr/bin/env bash
# A project is put in front of another registry on the page, and taken away from
# it; what is wrong is said at its field.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
. "$(dirname "$0")/page_lib.bash"
upstream_port=$(free_port)
cat >"$TMP/upstream.yml" <<CONFIG
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $TMP/upstream}}
http: {addr: '127.0.0.1:$upstream_port'}
CONFIG
docker-registry serve "$TMP/upstream.yml" >"$TMP/upstream.log" 2>&1 &
upstream_pid=$!
at_end 'kill $upstream_pid 2>/dev/null; wait $upstream_pid 2>/dev/null'
export UPSTREAM=http://127.0.0.1:$upstream_port
wait_until 20 curl -fsS -o /dev/null "$UPSTREAM/v2/"
make_image "$TMP/image" one
skopeo copy -q --dest-tls-verify=false "oci:$TMP/image:v1" "docker://127.0.0.1:$upstream_port/team/app:v1"

start_skerry
project hub
project pushed
skopeo copy -q --dest-tls-verify=false --dest-creds "admin:$ADMIN_PASSWORD" \
  "oci:$TMP/image:v1" "docker://$HOSTPORT/pushed/app:v1"
upstream() { api GET /projects/hub/upstream | jq -e "$1"; }
pull() { skopeo inspect -n --tls-verify=false --creds "admin:$ADMIN_PASSWORD" "docker://$HOSTPORT/hub/$1"; }

check "what is wrong with an upstream is said at its field" claim page_pull_through.mjs refuses
check "a project is put in front of a registry" claim page_pull_through.mjs begins
check "the server has it" upstream '.prefix == "team" and .ttl == 3600000 and .allow == ["app", "tools/**"] and .has_password == false'
check "an image is pulled through" pull app:v1
check "the page says when the registry answered" claim page_pull_through.mjs answered
check "nodes are told about it" claim page_pull_through.mjs nodes
kill $upstream_pid
wait $upstream_pid 2>/dev/null || true
refuse "a pull of what is not here fails now" pull app:other
check "and what was wrong last" claim page_pull_through.mjs troubled
check "an account is set and kept without being shown" claim page_pull_through.mjs account
check "the server has the account" upstream '.user == "me" and .has_password'
check "a changed account wants its password, at its field" claim page_pull_through.mjs other_account
check "everything fits a phone" claim page_pull_through.mjs phone
check "and speaks Korean" claim page_pull_through.mjs korean
check "the project is taken away from it" claim page_pull_through.mjs leaves
ended() { [ "$(status GET /projects/hub/upstream)" = 404 ]; }
check "the server has no upstream any more" ended
check "a project with pushed images takes none, and the page says why" claim page_pull_through.mjs taken
finish
