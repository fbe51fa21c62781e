#!/usr/bin/env bash
# A directory follows Git: manifests appear, change, heal, go; nothing is half
# written or forgotten when the daemon is killed in the middle of a sync.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TMP/deploy"
export SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy
export SKERRY_CD_RECONCILE_INTERVAL=500ms
start_skerry
project demo
repository demo config
work=$TMP/work
git clone -q "$(git_url demo config)" "$work" 2>/dev/null
git -C "$work" checkout -q -B main
mkdir -p "$work/deploy"

config_map() { # NAME VALUE [WAVE]
  printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s\n  annotations: {argocd.argoproj.io/sync-wave: "%s"}\ndata: {key: "%s"}\n' \
    "$1" "${3:-0}" "$2" >"$work/deploy/$1.yaml"
}
push() {
  git -C "$work" add -A
  git -C "$work" commit -q -m "$1"
  git -C "$work" push -q origin main
}
app() { api "$1" "/projects/demo/applications/site${2:-}" "${@:3}"; }
state() { app GET | jq -r ".status.$1"; }
is() { [ "$(state "$1")" = "$2" ]; }
file() { echo "$TMP/deploy/site/08-configmap_web_$1.yaml"; }
says() { grep -q "key: \"\?$2" "$(file "$1")" 2>/dev/null; }

config_map a one
config_map b one
push first

create() { # the Application on standard input
  curl -sS -u "admin:$ADMIN_PASSWORD" -o "$TMP/body" -w '%{http_code}' \
    -H 'Content-Type: application/yaml' --data-binary @- \
    "$BASE/api/v1/projects/demo/applications"
}
manifest() { # more of the spec
  cat <<EOF
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: site}
spec:
  project: demo
  source: {repoURL: '$BASE/git/demo/config.git', path: deploy, targetRevision: main}
  destination: {server: 'directory://$TMP/deploy', namespace: web}
$1
EOF
}
automated='  syncPolicy: {automated: {prune: true, selfHeal: true}}'

refused() { # MESSAGE STATUS: what the last create said
  [ "$(cat "$TMP/code")" = "$2" ] && grep -q -- "$1" "$TMP/body"
}
manifest '  sourceHydrator: {}' | create >"$TMP/code"
check "an unsupported field is refused by its path" \
  refused 'spec.sourceHydrator is not supported' 400
manifest '  colour: red' | create >"$TMP/code"
check "an unknown field is refused" refused 'spec.colour is not a known field' 400
manifest "$automated" | sed 's|http://[^/]*/git/demo/config.git|https://github.com/x/y.git|' |
  create >"$TMP/code"
check "a foreign repository is refused by name" refused 'github.com/x/y.git is no repository of this server' 400
manifest "$automated" | sed 's|directory:///[^'\'']*|directory:///etc|' |
  create >"$TMP/code"
check "a folder outside the allowed roots is denied" refused cd.directory_roots 403

manifest "$automated" | create >"$TMP/code"
check "an Argo CD Application in YAML is accepted" [ "$(cat "$TMP/code")" = 201 ]
check "the manifests appear" wait_until 10 says a one
check "the application is synced and healthy" wait_until 10 is sync Synced
config_map a two
rm "$work/deploy/b.yaml"
push second
check "a push changes the files" wait_until 10 says a two
gone() { [ ! -e "$1" ]; }
check "what left Git leaves the folder" wait_until 10 gone "$(file b)"

echo '{ half' >"$(file a)"
check "a file changed by hand is put right" wait_until 15 says a two
rm "$(file a)"
check "a file removed by hand comes back" wait_until 15 says a two
echo mine >"$TMP/deploy/site/mine.txt"

# Many waves, killed somewhere in the middle, again and again.
for i in $(seq 1 30); do config_map "w$i" three "$i"; done
push third
sleep 0.3
for i in 1 2 3; do
  kill_skerry
  if find "$TMP/deploy/site" -name '*.yaml' -size 0 | grep -q .; then break; fi
  start_skerry
  sleep 0.2
done
check "no half file after three kills" \
  bash -c "! find '$TMP/deploy/site' -name '*.yaml' -size 0 | grep -q ."
check "the interrupted sync goes on to its end" wait_until 30 says w30 three
check "and the application says so" wait_until 10 is operation.phase Succeeded
no_rubbish() { ! find "$TMP/deploy/site" -name '.*.yaml.*' | grep -q .; }
check "nothing half written is left over" no_rubbish

goes_back() { app POST /rollback '{"id":0}' >/dev/null 2>&1; }
check "a rollback is taken once no sync runs" wait_until 20 goes_back
check "a rollback brings the first files back" wait_until 15 says a one
check "and removes what came later" wait_until 15 gone "$(file w30)"
sleep 1.5
check "automated sync does not undo it" says a one
app POST /sync '{"prune":true}' >/dev/null
check "a sync by hand ends it" wait_until 20 says w30 three
has_diff() { app GET /diff | jq -e '.resources == []'; }
check "no diff is left" wait_until 10 has_diff
check "the history tells it" \
  bash -c '[ "$(jq ".history | length" <<<"$1")" -ge 4 ]' _ "$(app GET /history)"

app DELETE >/dev/null
check "a deleted application takes its files along" wait_until 20 gone "$(file a)"
check "and leaves others' files" [ -e "$TMP/deploy/site/mine.txt" ]
check "it is gone" wait_until 5 \
  bash -c "[ \"\$(curl -s -o /dev/null -w '%{http_code}' -u 'admin:$ADMIN_PASSWORD' '$BASE/api/v1/projects/demo/applications/site')\" = 404 ]"
finish
