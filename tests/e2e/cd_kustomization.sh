#!/usr/bin/env bash
# An Application whose source is a kustomization: base and overlay, a generated
# ConfigMap whose name follows its content, Argo CD's overrides. What is
# deployed is what the real `kubectl kustomize` builds.
. "$(dirname "$0")/lib.sh"
kubectl=$("$ROOT/tests/tools/helm.sh")/kubectl
mkdir -p "$TMP/deploy"
export SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy SKERRY_CD_RECONCILE_INTERVAL=500ms
start_skerry
project demo
repository demo config
work=$TMP/work
git clone -q "$(git_url demo config)" "$work" 2>/dev/null
git -C "$work" checkout -q -B main
mkdir -p "$work/base" "$work/overlays/live"
cat >"$work/base/kustomization.yaml" <<'EOF'
resources: [deployment.yaml]
configMapGenerator:
  - {name: settings, files: [greeting.txt]}
EOF
echo hello >"$work/base/greeting.txt"
cat >"$work/base/deployment.yaml" <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:1
          envFrom: [{configMapRef: {name: settings}}]
EOF
cat >"$work/overlays/live/kustomization.yaml" <<'EOF'
resources: [../../base]
namespace: live
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {replicas: 3}
EOF
push() {
  git -C "$work" add -A
  git -C "$work" commit -q -m "$1"
  git -C "$work" push -q origin main
}
push first
app() { api "$1" "/projects/demo/applications/site${2:-}" "${@:3}"; }
is() { [ "$(app GET | jq -r ".status.$1")" = "$2" ]; }

application() { # members of spec.source.kustomize
  printf '{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":"site"},
   "spec":{"project":"demo","source":{"repoURL":"demo/config","path":"overlays/live","targetRevision":"main","kustomize":{%s}},
   "destination":{"server":"directory://%s","namespace":"live"},
   "syncPolicy":{"automated":{"prune":true,"selfHeal":true}}}}' "$1" "$TMP/deploy"
}
# What is deployed without the application's mark, and what the real tool builds:
# a document a line, sorted.
deployed() {
  python3 - "$TMP"/deploy/site/*.yaml <<'PY' | sort
import re, sys
for name in sys.argv[1:]:
    text = re.sub(r"    argocd.argoproj.io/tracking-id: .*\n", "", open(name).read())
    print(repr(re.sub(r"  annotations:\n(?!    )", "", text)))
PY
}
built() { # folder
  "$kubectl" kustomize "$1" |
    python3 -c 'import sys; [print(repr(d)) for d in sys.stdin.read().split("---\n")]' | sort
}
same() { diff <(built "$1") <(deployed) >"$TMP/difference"; }

api POST /projects/demo/applications "$(application '"version":"v4"')" >/dev/null 2>&1
refused() { app GET | grep -q 'version'; }
check "an override that is not supported is refused by its name" wait_until 15 refused
app PUT '' "$(application '')" >/dev/null
check "the overlay is deployed" wait_until 20 is sync Synced
check "as kubectl builds it" wait_until 5 same "$work/overlays/live"

echo bye >"$work/base/greeting.txt"
push changed
check "a changed file gives the ConfigMap another name, and the old one goes" \
  wait_until 20 same "$work/overlays/live"

app PUT '' "$(application '"namePrefix":"my-","images":["web=registry.local/web:2"],"replicas":[{"name":"web","count":5}],"commonAnnotations":{"team":"blue"}')" >/dev/null
mkdir "$work/overlays/like"
cat >"$work/overlays/like/kustomization.yaml" <<'EOF'
resources: [../live]
namePrefix: my-
images: [{name: web, newName: registry.local/web, newTag: "2"}]
replicas: [{name: web, count: 5}]
commonAnnotations: {team: blue}
EOF
check "the Application's overrides are those of an overlay" \
  wait_until 20 same "$work/overlays/like"

deployed >"$TMP/before"
printf 'resources: [../../base]\nbogus: 1\n' >"$work/overlays/live/kustomization.yaml"
push broken
says_why() { app GET | grep -q 'unknown field \\"bogus\\"'; }
check "a broken kustomization is told in kustomize's words" wait_until 20 says_why
stays() { diff "$TMP/before" <(deployed); }
check "and what runs stays" stays
finish
