#!/usr/bin/env bash
# Applications and manifests that are bombs, too deep or of the wrong shape:
# the answer names the field or the file, and the daemon goes on.
. "$(dirname "$0")/lib.sh"
SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy start_skerry
mkdir -p "$TMP/deploy"
[ "$SCHEME" = http ] || export GIT_SSL_CAINFO=$DATA/keys/ca.crt
project demo
repository demo config

send() { # the Application on standard input; prints the status, then the body
  curl -sSk -u "admin:$ADMIN_PASSWORD" -H 'Content-Type: application/yaml' \
    --data-binary @- -w '%{stderr}%{http_code}\n' \
    "$BASE/api/v1/projects/demo/applications" 2>&1 >"$TMP/answer"
}
answers() { # STATUS TEXT; the Application on standard input
  local code
  code=$(send)
  cat "$TMP/answer"
  echo "status $code"
  [[ $code =~ ^($1)$ ]] && grep -q -e "$2" "$TMP/answer"
}
application() { # SPEC, after project
  printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: bad}\nspec:\n  project: demo\n%s\n' "$1"
}
bomb() {
  echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
  local i
  for i in 1 2 3 4 5 6 7 8 9; do
    printf 'a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n' \
      $i $i $((i-1)) $((i-1)) $((i-1)) $((i-1)) $((i-1)) $((i-1)) $((i-1)) $((i-1)) $((i-1)) $((i-1))
  done
}
deep() { python3 -c 'print("spec: " + "[" * 100000 + "]" * 100000)'; }
source='  source: {repoURL: demo/config, path: .}'
target="  destination: {server: 'directory://$TMP/deploy', namespace: web}"

check "a YAML bomb" answers '400|413' 'application' < <(bomb)
check "a document of 100,000 levels" answers '400|413' 'application' < <(deep)
check "no YAML" answers 400 'application' <<<'a: b: c: ['
check "not UTF-8" answers 400 'application' < <(printf 'a: \xff\xfe\n')
check "a body of 2 MB" answers 413 '' < <(head -c 2000000 /dev/zero | tr '\0' 'a')
check "a list for a text names the field" answers 400 'spec.source.repoURL' \
  < <(application "  source: {repoURL: [1]}"$'\n'"$target")
check "a text for a list" answers 400 'spec.syncPolicy.syncOptions' \
  < <(application "$source"$'\n'"$target"$'\n''  syncPolicy: {syncOptions: yes}')
check "an unknown sync option" answers 400 'Sideways=true' \
  < <(application "$source"$'\n'"$target"$'\n''  syncPolicy: {syncOptions: [Sideways=true]}')
check "an unknown field" answers 400 'spec.syncWindow' \
  < <(application "$source"$'\n'"$target"$'\n''  syncWindow: 1')
check "a number too large" answers 400 'revisionHistoryLimit' \
  < <(application "$source"$'\n'"$target"$'\n''  revisionHistoryLimit: 99999999999999999999999')

# The same in the repository: the file is named.
work=$TMP/work
git init -q "$work"
commit() { # NAME, the content on standard input
  rm -f "$work"/*.yaml
  cat >"$work/$1"
  git -C "$work" add -A
  git -C "$work" commit -qm "$1"
  git -C "$work" push -q "$(git_url demo config)" main
}
says() { api GET /projects/demo/applications/good | jq -r .status.message | tee "$TMP/message" | grep -q -e "$1"; }
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n' | commit good.yaml
application "$source"$'\n'"$target"$'\n''  syncPolicy: {automated: {prune: true}}' |
  sed 's/name: bad/name: good/' >"$TMP/good"
check "a good one is accepted" answers 201 good <"$TMP/good"
deployed() { [ -n "$(find "$TMP/deploy" -name '*configmap*')" ]; }
check "and deployed" wait_until 20 deployed
bomb | commit bomb.yaml
check "a bomb in the repository is named" wait_until 20 says bomb.yaml
deep | commit deep.yaml
check "so is what is too deep" wait_until 20 says deep.yaml
echo 'just text' | commit text.yaml
check "a document that is no manifest" wait_until 20 says 'not an object'
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: [1]\n' | commit shape.yaml
check "one without a name says what it lacks" wait_until 20 says 'metadata.name'
check "what was deployed stays" deployed
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d}\n' | commit again.yaml
renewed() { [ -n "$(find "$TMP/deploy" -name '*_d.yaml')" ]; }
check "and the next good commit is deployed" wait_until 20 renewed
check "the daemon runs" api GET /health
finish
