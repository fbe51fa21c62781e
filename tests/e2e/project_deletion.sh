#!/usr/bin/env bash
# A project goes only when it is empty; what goes with it, or with a Git
# repository, does not come back under the same name.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

HELM=${HELM:-$(command -v helm || echo "$("$ROOT/tests/tools/helm.sh")/helm")}
export HELM_REGISTRY_CONFIG=$TMP/helm.json HELM_CACHE_HOME=$TMP/helm-cache
export HELM_CONFIG_HOME=$TMP/helm-config HELM_DATA_HOME=$TMP/helm-data
mkdir -p "$TMP/deploy"
export SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy SKERRY_CD_RECONCILE_INTERVAL=300ms
start_skerry

skerry() {
  "$SKERRY" --server "$BASE" --user admin --password "$ADMIN_PASSWORD" "$@"
}
answer() { # METHOD PATH: the status and the body of a refusal
  (REQUEST_OPTIONS=(-w ' %{http_code}'); request "$1" "/api/v1$2")
}
says() { # TEXT command...
  local out
  out=$("${@:2}" 2>&1) || true
  printf '%s\n' "$out"
  [[ $out == *"$1"* ]]
}
lacks() { ! says "$@"; }

fill() { # what a team leaves in a project
  project demo
  repository demo hello
  rm -rf "$TMP/work"
  git clone -q "$(git_url demo hello)" "$TMP/work" 2>/dev/null
  mkdir -p "$TMP/work/deploy" "$TMP/work/hello"
  printf '{apiVersion: v1, kind: ConfigMap, metadata: {name: one}}\n' >"$TMP/work/deploy/map.yaml"
  printf 'apiVersion: v2\nname: hello\nversion: 1.0.0\n' >"$TMP/work/hello/Chart.yaml"
  printf "pipeline { agent any\nstages { stage('A') { steps {\nsh 'echo secret-output | tee kept'\narchiveArtifacts 'kept' } } } }\n" \
    >"$TMP/work/Jenkinsfile"
  git -C "$TMP/work" checkout -q -B main
  git -C "$TMP/work" add -A
  git -C "$TMP/work" commit -q -m one
  git -C "$TMP/work" push -q origin main
}
runs() { api GET /projects/demo/repos/hello/runs | jq '.runs | length'; }
run_ended() { [ "$(api GET /projects/demo/repos/hello/runs | jq -r '.runs[0].state')" = finished ]; }
has_runs() { [ "$(runs)" = "$1" ]; }
app_status() { api GET /projects/demo/applications/site | jq -r ".status.$1"; }
app_is() { [ "$(app_status "$1")" = "$2" ]; }
app_tells() { says "$1" app_status message; }

fill
check "a run ends" wait_until 30 run_ended
make_image "$TMP/image" one
check "skopeo pushes an image" skopeo copy -q --dest-tls-verify=false \
  --dest-creds "admin:$ADMIN_PASSWORD" "oci:$TMP/image:v1" "docker://$HOSTPORT/demo/tool:v1"
check "helm packages" "$HELM" package "$TMP/work/hello" -d "$TMP"
check "the chart is taken" curl -fsS -u "admin:$ADMIN_PASSWORD" \
  --data-binary "@$TMP/hello-1.0.0.tgz" "$BASE/api/charts/demo/charts"
api POST /projects/demo/credentials '{"id":"pw","kind":"text","secret":"s"}' >/dev/null
api PUT /projects/demo/pipeline-defaults '{"text":"pipeline { environment { A = \"1\" } }"}' >/dev/null
ROBOT=$(api POST /projects/demo/tokens '{"name":"r","scopes":["project:demo:admin"]}' | jq -r .secret)
api POST /projects/demo/applications "{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"Application\",
  \"metadata\":{\"name\":\"site\"},\"spec\":{\"project\":\"demo\",
  \"source\":{\"repoURL\":\"$BASE/git/demo/hello.git\",\"path\":\"deploy\",\"targetRevision\":\"main\"},
  \"destination\":{\"server\":\"directory://$TMP/deploy\",\"namespace\":\"web\"},
  \"syncPolicy\":{\"automated\":{\"prune\":true}}}}" >/dev/null
check "the application is deployed" wait_until 20 app_is sync Synced

check "a project with content stays, and the answer counts it" \
  says "still holds 1 repository, 2 images, 1 chart, 1 application; delete that first" \
  answer DELETE /projects/demo
check "with status 409" [ "$(status DELETE /projects/demo)" = 409 ]

# --- a repository -------------------------------------------------------------
api PUT /projects/demo/repos/hello/pipeline-settings '{"jenkinsfile":"Jenkinsfile"}' >/dev/null
check "the shell deletes a repository" skerry repo delete demo/hello
kill_skerry
start_skerry
check "its runs are gone, after a crash too" has_runs 0
check "and so are their logs" [ ! -e "$DATA/runs/demo/hello" ]
check "its application says what is missing" \
  wait_until 10 app_tells "there is no repository demo/hello"
check "and is neither synced nor pruned" app_is sync Unknown
check "what it deployed stays" [ -n "$(ls "$TMP/deploy/site")" ]
repository demo hello
check "a repository of the same name begins empty" has_runs 0
check "git sees nothing in it" lacks refs/heads git ls-remote "$(git_url demo hello)"
git -C "$TMP/work" push -q origin main
check "its first run comes" wait_until 30 run_ended
check "and is the only one" has_runs 1
check "the application follows the new one" wait_until 20 app_is sync Synced

# --- the project --------------------------------------------------------------
check "the shell deletes an application" skerry app delete demo/site
no_apps() { [ "$(api GET /projects/demo/applications | jq '.applications | length')" = 0 ]; }
check "which takes its resources along" wait_until 20 no_apps
check "a chart" skerry chart delete demo/hello
check "with its OCI artifact" lacks charts/hello skerry image list demo
check "an image" skerry image delete demo/tool
refuse "which skopeo does not find any more" skopeo inspect --tls-verify=false \
  --creds "admin:$ADMIN_PASSWORD" "docker://$HOSTPORT/demo/tool:v1"
check "a repository" skerry repo delete demo/hello
gone() { skerry project delete demo; }
check "and then the project" wait_until 10 gone
kill_skerry
start_skerry
check "it is gone after a crash" [ "$(status GET /projects/demo)" = 404 ]
check "its robot's token is void" \
  [ "$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $ROBOT" "$BASE/api/v1/projects")" = 401 ]

fill
empty() { # PATH MEMBER
  [ "$(api GET "/projects/demo/$1" | jq ".$2 | length")" = 0 ]
}
check "a project of the same name has no images" empty images repositories
check "no charts" empty charts charts
check "no applications" empty applications applications
check "no credentials" empty credentials credentials
check "no robots" empty tokens tokens
check "no pipeline defaults" \
  [ "$(api GET /projects/demo/pipeline-defaults | jq -r .text)" = "" ]
check "its first run is number 1" wait_until 30 run_ended
check "and the only one" has_runs 1
check "the audit log remembers both" says project.delete api GET '/audit?limit=100'
check "nothing else is left on disk" \
  [ "$(ls "$DATA/git" "$DATA/runs" | tr '\n' ' ')" = "$DATA/git: demo  $DATA/runs: demo " ]
finish
