#!/usr/bin/env bash
# What a project demands of its images holds for real clients: immutable tags,
# a quota, retention rules that spare what is deployed.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

mkdir -p "$TMP/deploy"
export SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy SKERRY_CD_RECONCILE_INTERVAL=500ms
start_dockerd

start_skerry
project demo
member dev demo developer
wait_until 30 docker version >/dev/null 2>&1
docker login -u dev -p user-password "$HOSTPORT" >/dev/null 2>&1

policy() { api PUT /projects/demo/images/policy "$1" >/dev/null; }
tagged() { # SEED NAME...: a small image in dockerd
  head -c 20000 /dev/urandom >"$TMP/data-$1"
  tar -C "$TMP" -c "data-$1" | docker import - "$HOSTPORT/demo/$2" >/dev/null
}
# Docker repeats what may pass by itself; a refusal by policy must not be that.
refused_once() { # TEXT command...
  says "$@" && ! grep -i retrying "$TMP/check.out"
}
names() {
  [ "$(api GET '/projects/demo/images/tags?repository=app' |
    jq -r '[.tags[].name] | sort | join(" ")')" = "$1" ]
}

# --- immutable tags
policy '{"immutable_tags":[{"tags":"v*"}]}'
tagged one app:v1
check "docker pushes a new immutable tag" docker push -q "$HOSTPORT/demo/app:v1"
check "and the same again" docker push -q "$HOSTPORT/demo/app:v1"
tagged two app:v1
check "docker is told that a tag is immutable, and stops" refused_once \
  "denied: the tag 'v1' of demo/app is immutable" docker push "$HOSTPORT/demo/app:v1"
make_image "$TMP/image" one
check "so is skopeo" says "the tag 'v1' of demo/app is immutable" \
  skopeo copy -q --dest-tls-verify=false --dest-creds dev:user-password \
  "oci:$TMP/image:v1" "docker://$HOSTPORT/demo/app:v1"
check "and whoever deletes it" says "the tag 'v1' of demo/app is immutable" \
  skopeo delete --tls-verify=false --creds "admin:$ADMIN_PASSWORD" \
  "docker://$HOSTPORT/demo/app:v1"
wrong() {
  [ "$(status PUT /projects/demo/images/policy '{"retention":{"rules":[{"tags":"*","keep_lsat":1}]}}')" = 400 ]
}
check "a policy with an unknown member is refused" wrong

# --- quota
used=$(api GET /projects/demo/images/usage | jq .used_bytes)
policy "{\"quota_bytes\":$((used + 5000))}"
tagged big app:big
make_image "$TMP/other" two
check "docker is told that the project is full, and stops" refused_once \
  "denied: project demo is full" docker push "$HOSTPORT/demo/app:big"
check "skopeo, too" says "project demo is full" \
  skopeo copy -q --dest-tls-verify=false --dest-creds dev:user-password \
  "oci:$TMP/other:v1" "docker://$HOSTPORT/demo/app:big"
same() { [ "$(api GET /projects/demo/images/usage | jq .used_bytes)" = "$used" ]; }
check "nothing of it counts" same
left() { [ -z "$(find "$DATA/uploads" -type f)" ]; }
check "nor lies about" left
check "a full project takes new tags of what it has" skopeo copy -q \
  --src-tls-verify=false --dest-tls-verify=false --src-creds dev:user-password \
  --dest-creds dev:user-password "docker://$HOSTPORT/demo/app:v1" \
  "docker://$HOSTPORT/demo/app:again"

# --- retention
policy '{}'
for version in v2 v3 v4 v5; do
  tagged $version "app:$version"
  docker push -q "$HOSTPORT/demo/app:$version" >/dev/null
done
curl -sS -o /dev/null -u "admin:$ADMIN_PASSWORD" -X DELETE "$BASE/v2/demo/app/manifests/again"
repository demo config
git clone -q "$(git_url demo config)" "$TMP/work" 2>/dev/null
git -C "$TMP/work" checkout -q -B main
cat >"$TMP/work/deployment.yaml" <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: "$HOSTPORT/demo/app:v2"}]}
YAML
git -C "$TMP/work" add -A
git -C "$TMP/work" commit -q -m first
git -C "$TMP/work" push -q origin main
curl -sS -u "admin:$ADMIN_PASSWORD" -o /dev/null -H 'Content-Type: application/yaml' \
  --data-binary @- "$BASE/api/v1/projects/demo/applications" <<YAML
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: site}
spec:
  project: demo
  source: {repoURL: '$BASE/git/demo/config.git', path: ., targetRevision: main}
  destination: {server: 'directory://$TMP/deploy', namespace: web}
  syncPolicy: {automated: {}}
YAML
synced() { api GET /projects/demo/applications/site | jq -e '.status.sync == "Synced"' >/dev/null; }
check "an application runs v2" wait_until 20 synced

curl -sS -o /dev/null -u dev:user-password "$BASE/v2/demo/app/manifests/v3"
pulled() {
  api GET '/projects/demo/images/tags?repository=app' | jq -e '.tags[] |
    select(.name == "v3") | .pulls == 1 and .last_pulled != null' >/dev/null
}
check "pulls are counted" pulled
runs_on() {
  api GET '/projects/demo/images/tags?repository=app' | jq -e '.tags[] |
    select(.name == "v3") | .platforms == ["linux/amd64"] and .signed == false' >/dev/null
}
check "tags say what they run on" runs_on

policy '{"retention":{"rules":[{"tags":"v*","keep_last":2}]}}'
preview=/projects/demo/images/retention/preview
spared() {
  api GET $preview | jq -e '.removed_tags == 2 and (.repositories[0].tags[] |
    select(.name == "v2") | .stays and .reason == "in use by application site")' >/dev/null
}
check "the preview spares what is deployed" spared
check "and has removed nothing" names "v1 v2 v3 v4 v5"
check "the rules are carried out on demand" api POST /projects/demo/images/retention
check "what no rule keeps goes, what is deployed stays" wait_until 10 names "v2 v4 v5"
check "the deployed image can be pulled" skopeo inspect --tls-verify=false \
  --creds dev:user-password "docker://$HOSTPORT/demo/app:v2"
restart_skerry
check "all that holds after a restart" names "v2 v4 v5"
finish
