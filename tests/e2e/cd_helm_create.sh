#!/usr/bin/env bash
# A chart as `helm create` makes it is deployed on this machine; what a single
# machine has nothing for is said, not refused.
. "$(dirname "$0")/lib.sh"
start_skerry
. "$(dirname "$0")/cd_lib.bash"
HELM=$("$ROOT/tests/tools/helm.sh")/helm
project demo
APP_PORT=$(free_port)
image one >/dev/null

(cd "$TMP" && "$HELM" create web >/dev/null && "$HELM" package web >/dev/null)
check "the chart is published" curl -fsSk -u "admin:$ADMIN_PASSWORD" \
  --data-binary "@$TMP/web-0.1.0.tgz" "$BASE/api/charts/demo/charts"

app() { api "$1" "/projects/demo/applications/web${2:-}" "${@:3}"; }
is() { [ "$(app GET | jq -r ".status.$1")" = "$2" ]; }
values() { # TYPE EXTRA: the Application's manifest
  cat <<EOF
{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
 "metadata": {"name": "web"},
 "spec": {"project": "demo",
  "source": {"repoURL": "$BASE/charts/demo", "chart": "web",
   "targetRevision": "*", "helm": {"valuesObject": {
    "image": {"repository": "$HOSTPORT/demo/server", "tag": "one"},
    "service": {"type": "$1", "port": 8080} $2}}},
  "destination": {"server": "podman://", "namespace": "default"},
  "syncPolicy": {"automated": {"prune": true, "selfHeal": true},
                 "syncOptions": ["CreateNamespace=true"]}}}
EOF
}
api POST /projects/demo/applications "$(values NodePort '')" >/dev/null
check "it is synced" wait_until 60 is sync Synced
check "and healthy" wait_until 30 is health Healthy
app GET | jq -r '.status.notices[]' >"$TMP/notices"
check "the page says that there is no service account token" \
  grep -q '^Deployment default/web: .*no token' "$TMP/notices"
check "and that a ServiceAccount changes nothing" \
  grep -q '^ServiceAccount default/web: ' "$TMP/notices"
port=$(sed -n 's/.*is published as port \([0-9]*\).*/\1/p' "$TMP/notices")
answers() { curl -s --max-time 2 "http://127.0.0.1:$port/" | grep -q ' one$'; }
check "it answers on the port that is named" wait_until 20 answers

app PUT '' "$(values ClusterIP ', "nodeSelector": {"disk": "ssd"},
  "tolerations": [{"operator": "Exists"}], "autoscaling": {"enabled": true}')" >/dev/null
noticed() { app GET | jq -r '.status.notices[]' | grep -q "$1"; }
for what in nodeSelector tolerations HorizontalPodAutoscaler; do
  check "$what is noticed" wait_until 30 noticed $what
done
check "and the container runs" wait_until 60 is health Healthy
app PUT '' "$(values ClusterIP ', "ingress": {"enabled": true}')" >/dev/null
refused() { app GET | jq -r .status.operation.message | grep -q 'Ingress default/web kind Ingress is not supported by the podman target'; }
check "an Ingress, without which nobody gets in, is refused" wait_until 30 refused
app DELETE >/dev/null
none() { [ -z "$(pod ps -a -q --filter label=skerry.app=web)" ]; }
check "nothing is left of a deleted application" wait_until 30 none
finish
