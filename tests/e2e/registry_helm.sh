#!/usr/bin/env bash
# helm logs in, pushes a chart as an OCI artifact and pulls it back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

HELM=${HELM:-$(command -v helm || echo "$("$ROOT/tests/tools/helm.sh")/helm")}
export HELM_REGISTRY_CONFIG=$TMP/helm.json HELM_CACHE_HOME=$TMP/helm-cache
export HELM_CONFIG_HOME=$TMP/helm-config HELM_DATA_HOME=$TMP/helm-data
start_skerry
project demo
member dev demo developer

mkdir -p "$TMP/hello/templates"
printf 'apiVersion: v2\nname: hello\nversion: 1.2.3\n' >"$TMP/hello/Chart.yaml"
printf 'a: 1\n' >"$TMP/hello/values.yaml"
"$HELM" package "$TMP/hello" -d "$TMP" >/dev/null

check "helm logs in" "$HELM" registry login --plain-http -u dev \
  -p user-password "$HOSTPORT"
check "helm pushes" "$HELM" push --plain-http "$TMP/hello-1.2.3.tgz" \
  "oci://$HOSTPORT/demo/charts"
mkdir "$TMP/pulled"
check "helm pulls" "$HELM" pull --plain-http "oci://$HOSTPORT/demo/charts/hello" \
  --version 1.2.3 -d "$TMP/pulled"
check "the chart is the same bytes" \
  cmp "$TMP/hello-1.2.3.tgz" "$TMP/pulled/hello-1.2.3.tgz"
check "helm shows it" "$HELM" show chart --plain-http \
  "oci://$HOSTPORT/demo/charts/hello" --version 1.2.3
finish
