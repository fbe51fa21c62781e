#!/usr/bin/env bash
# A project is emptied and deleted on the page; each deletion says what goes
# with it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
. "$(dirname "$0")/page_lib.bash"
mkdir -p "$TMP/deploy"
SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy start_skerry
project demo
repository demo hello

HELM=${HELM:-$(command -v helm || echo "$("$ROOT/tests/tools/helm.sh")/helm")}
publish() { # VERSION
  mkdir -p "$TMP/hello"
  printf 'apiVersion: v2\nname: hello\nversion: %s\n' "$1" >"$TMP/hello/Chart.yaml"
  "$HELM" package "$TMP/hello" -d "$TMP" >/dev/null
  curl -fsS -o /dev/null -u "admin:$ADMIN_PASSWORD" --data-binary "@$TMP/hello-$1.tgz" \
    "$BASE/api/charts/demo/charts"
}
for version in 1.0.0 1.1.0 1.2.0; do publish $version; done
make_image "$TMP/image" one 100000
skopeo copy -q --dest-tls-verify=false --dest-creds "admin:$ADMIN_PASSWORD" \
  "oci:$TMP/image:v1" "docker://$HOSTPORT/demo/tools/app:v1"
api POST /projects/demo/credentials '{"id":"pw","kind":"text","secret":"s"}' >/dev/null
api POST /projects/demo/tokens '{"name":"r","scopes":["project:demo:admin"]}' >/dev/null
api POST /users '{"name":"vera","password":"vera-password"}' >/dev/null
api PUT /projects/demo/members/vera '{"role":"viewer"}' >/dev/null
charts() { api GET /projects/demo/charts | jq -e "$1"; }

check "a project that holds something names it, and stays" claim page_deletion.mjs held
check "a viewer is not offered its deletion" claim page_deletion.mjs viewer
check "a version of a chart is deleted" claim page_deletion.mjs deletes_version
check "the others are there" charts '[.charts[0].versions[].version] == ["1.2.0", "1.0.0"]'
check "a chart is deleted, named with its versions" claim page_deletion.mjs deletes_chart
check "it is gone" charts '.charts == []'
check "the screens with deletions fit a phone" claim page_deletion.mjs phone
check "a Git repository is deleted" claim page_deletion.mjs deletes_repository
check "an image repository is deleted on its own screen" claim page_deletion.mjs deletes_images
check "what came in between is said, and nothing is lost" claim page_deletion.mjs raced
check "an empty project says what goes with it, and goes" claim page_deletion.mjs deletes_project
gone() { [ "$(status GET /projects/demo)" = 404 ]; }
check "the server has it no more" gone
finish
