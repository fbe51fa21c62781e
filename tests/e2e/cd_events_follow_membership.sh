#!/usr/bin/env bash
# The event stream tells who may see an application's project about the
# application, and nobody else.
. "$(dirname "$0")/lib.sh"
SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy start_skerry
mkdir -p "$TMP/deploy"
project demo
repository demo config
for user in vera stranger; do
  api POST /users "{\"name\":\"$user\",\"password\":\"long enough for $user\"}" >/dev/null
done
api PUT /projects/demo/members/vera '{"role":"viewer"}' >/dev/null

follow() { # USER PASSWORD
  curl -sSkN -u "$1:$2" "$BASE/api/v1/events" >"$TMP/events-$1" &
  at_end kill $! '2>/dev/null'
  wait_until 10 grep -q retry "$TMP/events-$1"
}
follow admin "$ADMIN_PASSWORD"
follow vera "long enough for vera"
follow stranger "long enough for stranger"

work=$TMP/work
git init -q "$work"
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {k: v}\n' >"$work/c.yaml"
git -C "$work" add .
git -C "$work" commit -qm one
[ "$SCHEME" = http ] || export GIT_SSL_CAINFO=$DATA/keys/ca.crt
git -C "$work" push -q "$(git_url demo config)" main
api POST /projects/demo/applications '{
  "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
  "metadata": {"name": "hello"},
  "spec": {"project": "demo",
    "source": {"repoURL": "demo/config", "path": "."},
    "destination": {"server": "directory://'"$TMP"'/deploy", "namespace": "web"},
    "syncPolicy": {"automated": {}}}}' >/dev/null

saw() { grep "\"topic\":\"$2\"" "$TMP/events-$1" | grep -q '"subject":"demo/hello"'; }
for user in admin vera; do
  for topic in ApplicationChanged SyncFinished; do
    check "$user, who may see the project, gets $topic" wait_until 20 saw $user $topic
  done
done
refuse "a stranger gets no event of the project" grep -q '"topic"' "$TMP/events-stranger"
api DELETE /projects/demo/applications/hello >/dev/null
deleted() { grep '"topic":"ApplicationChanged"' "$TMP/events-vera" | grep -q '"version":"deleted"'; }
check "the viewer hears of the deletion" wait_until 20 deleted
refuse "the stranger does not" grep -q '"topic"' "$TMP/events-stranger"
finish
