#!/usr/bin/env bash
# A project's policy demands signatures: real clients are told what is missing
# and pull once it is there, and an application is not deployed before.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
COSIGN=$("$ROOT/tests/tools/go_tool.sh" cosign)
mkdir -p "$TMP/deploy" "$TMP/home"
export SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy SKERRY_CD_RECONCILE_INTERVAL=500ms
export HOME=$TMP/home COSIGN_PASSWORD=key-password COSIGN_YES=true
start_dockerd
start_skerry
project demo
repository demo config
member dev demo developer
member eve demo viewer
cd "$TMP"
export SKERRY_SERVER=$BASE SKERRY_USER=dev SKERRY_PASSWORD=user-password
"$SKERRY" image key ours >/dev/null
"$COSIGN" generate-key-pair >/dev/null 2>&1
"$SKERRY" image key foreign >/dev/null
for name in app other; do
  make_image "$TMP/$name" "$name" 20000
  "$SKERRY" image copy "oci:$TMP/$name:v1" "demo/$name:v1" >/dev/null 2>&1
done
app=$(layout_digest "$TMP/app")

policy() { # DEMAND [MORE]
  api PUT /projects/demo/images/policy "$(jq -n --rawfile ours ours.pub \
    --rawfile theirs cosign.pub --arg demand "$1" --argjson more "${2:-{\}}" \
    '{signatures: ({$demand, keys: [{name: "ours", pem: $ours},
      {name: "theirs", pem: $theirs}]} + $more)}')" >/dev/null
}
fetch() { # USER NAME: skopeo pulls it
  rm -rf "$TMP/out"
  skopeo copy -q --src-tls-verify=false --src-creds "$1:user-password" \
    "docker://$HOSTPORT/demo/$2" "dir:$TMP/out"
}
missing="demo/app@$app has no signature by a key of the policy of project 'demo'"

# --- pull
check "without a demand everybody pulls" fetch eve app:v1
refuse "a demand without keys is no policy" api PUT /projects/demo/images/policy \
  '{"signatures":{"demand":"pull"}}'
refuse "nor is one with a private key" api PUT /projects/demo/images/policy \
  "$(jq -n --rawfile pem ours.key '{signatures: {keys: [{name: "a", $pem}]}}')"
check "a policy demands signatures" policy pull
check "skopeo is told what is missing" says "$missing" fetch eve app:v1
check "by digest, too" says "$missing" fetch eve "app@$app"
check "who pushes may pull it unsigned" fetch dev app:v1
wait_until 30 docker version >/dev/null 2>&1
docker login -u eve -p user-password "$HOSTPORT" >/dev/null 2>&1
check "docker is told, too" says "$missing" docker pull "$HOSTPORT/demo/app:v1"
refused() {
  curl -fsS "$BASE/metrics" |
    awk '/^skerry_registry_unsigned_pulls_total/ && $2 >= 3 { ok = 1 } END { exit !ok }'
}
check "the refusals are counted" refused
logged() { [ "$(grep -c 'a pull of an unsigned image was refused' "$TMP/skerry.log")" = 1 ]; }
check "and logged once" logged
"$SKERRY" image sign --key foreign.key demo/app:v1 >/dev/null
check "another key's signature is not enough" says "only 1 that does not count" fetch eve app:v1
check "a key of the policy signs" "$SKERRY" image sign --key ours.key demo/app:v1
check "skopeo pulls it" fetch eve app:v1
check "docker pulls it" docker pull -q "$HOSTPORT/demo/app:v1"
check "the signature verifies for who only reads" env SKERRY_USER=eve \
  "$SKERRY" image verify --key ours.pub demo/app:v1
check "another image is refused as before" says "has no signature" fetch eve other:v1
curl -sS -u dev:user-password "$BASE/api/v1/projects/demo/images/tags?repository=app" >tags.json
check "the tag list says by whom it is signed" jq -e \
  '.tags[] | select(.name == "v1") | .signed and .signed_by == ["ours"]' tags.json
check "cosign signs by tag with its own key" "$COSIGN" sign --key cosign.key \
  --tlog-upload=false --use-signing-config=false --new-bundle-format=false \
  --registry-username dev --registry-password user-password \
  "$HOSTPORT/demo/other@$(layout_digest "$TMP/other")"
check "that counts as well" fetch eve other:v1
other_sig=sha256-$(layout_digest "$TMP/other" | cut -d: -f2).sig
check "the signature goes" curl -fsS -u "admin:$ADMIN_PASSWORD" -X DELETE \
  "$BASE/v2/demo/other/manifests/$other_sig"
check "and so does the permission" says "has no signature" fetch eve other:v1
restart_skerry
check "all is so after a restart" fetch eve app:v1
check "for the refused, too" says "has no signature" fetch eve other:v1
check "an exception by pattern" policy pull '{"except":[{"repositories":"other"}]}'
check "is one" fetch eve other:v1

# --- deploy
work=$TMP/work
git clone -q "$(git_url demo config)" "$work" 2>/dev/null
git -C "$work" checkout -q -B main
runs() { # IMAGE
  cat >"$work/app.yaml" <<YAML
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {image: not/an-image}
---
apiVersion: v1
kind: Pod
metadata: {name: app}
spec: {containers: [{name: main, image: "$1"}]}
YAML
  git -C "$work" add -A
  git -C "$work" commit -q -m "$1"
  git -C "$work" push -q origin main
}
state() { api GET /projects/demo/applications/site | jq -r ".status.operation | $1"; }
is() { [ "$(state "$1")" = "$2" ]; }
sync() { api POST /projects/demo/applications/site/sync '{}' >/dev/null; }
failed_with() { is .phase Failed && state .message | grep -qF -- "$1"; }
deployed() { grep -rqF "$1" "$TMP/deploy"; }
policy deploy
runs "$HOSTPORT/demo/other:v1"
api POST /projects/demo/applications "{
  \"apiVersion\": \"argoproj.io/v1alpha1\", \"kind\": \"Application\",
  \"metadata\": {\"name\": \"site\"},
  \"spec\": {\"project\": \"demo\",
    \"source\": {\"repoURL\": \"demo/config\", \"path\": \".\", \"targetRevision\": \"main\"},
    \"destination\": {\"server\": \"directory://$TMP/deploy\", \"namespace\": \"web\"}}}" >/dev/null
check "pulling is free where only deployments are checked" fetch eve other:v1
check "a sync begins" sync
check "and fails for the unsigned image, by its digest" wait_until 20 failed_with \
  "demo/other@$(layout_digest "$TMP/other") has no signature"
refuse "nothing was deployed, no other resource either" deployed settings
"$SKERRY" image sign --key ours.key demo/other:v1 >/dev/null
sync
check "signed, it is deployed" wait_until 20 deployed "$HOSTPORT/demo/other:v1"
check "the sync succeeded" wait_until 20 is .phase Succeeded
runs quay.io/some/where:1
sync
check "an image of another registry is refused by name" wait_until 20 failed_with \
  "quay.io/some/where:1 is of another registry"
policy deploy '{"other_registries":["quay.io/some/*"]}'
sync
check "unless it is excepted" wait_until 20 deployed quay.io/some/where:1
runs "$HOSTPORT/demo/gone:v1"
sync
check "an image that is not here is not deployed" wait_until 20 failed_with "is not here"

# --- signatures live as long as their image
tags() {
  api GET "/projects/demo/images/tags?repository=$1" | jq -r '[.tags[].name] | sort | join(" ")'
}
tags_are() { [ "$(tags "$1")" = "$2" ]; }
"$SKERRY" image sign --key ours.key --format legacy demo/app:v1 >/dev/null
sig=sha256-${app#sha256:}.sig
api PUT /projects/demo/images/policy \
  '{"retention":{"rules":[{"repositories":"app","tags":"**","keep_last":1}],"untagged_after":"1h"}}' >/dev/null
api POST /projects/demo/images/retention >/dev/null
retained() { [ "$(api GET /projects/demo/images/retention | jq .last_run.finished)" != null ]; }
check "retention runs" wait_until 20 retained
check "and spares the signatures of what stays" tags_are app "$sig v1"
make_image "$TMP/newer" newer 20000
"$SKERRY" image copy "oci:$TMP/newer:v1" demo/app:v2 >/dev/null 2>&1
api POST /projects/demo/images/retention >/dev/null
check "they go with their image" wait_until 20 tags_are app v2
finish
