#!/usr/bin/env bash
# An application is made, synced, compared and rolled back on the page.
. "$(dirname "$0")/lib.sh"
SKERRY_CD_DIRECTORY_ROOTS=$TMP/deploy start_skerry
. "$(dirname "$0")/page_lib.bash"
mkdir -p "$TMP/deploy"
export DEPLOY=$TMP/deploy
project demo
repository demo deploy

work=$TMP/work
git init -q "$work"
say() { # VALUE MESSAGE
  mkdir -p "$work/app"
  cat >"$work/app/config.yaml" <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
data:
  text: $1
YAML
  git -C "$work" add . && git -C "$work" commit -qm "$1"
  git -C "$work" push -q "$(git_url demo deploy)" main
}
say one

check "an application is made from its manifest" claim page_applications.mjs makes
check "what is wrong with a manifest is said in the dialog" claim page_applications.mjs refuses
check "a dry run says what a sync would do, and does nothing" claim page_applications.mjs dry_run
refuse "nothing is deployed yet" grep -rq 'text: one' "$TMP/deploy"
check "a sync on the page deploys" claim page_applications.mjs syncs
check "it is on the target" grep -rq 'text: one' "$TMP/deploy"
say two
check "a new commit shows as out of sync, with its difference" claim page_applications.mjs differs
check "the next sync deploys it" claim page_applications.mjs syncs
check "the new state is on the target" grep -rq 'text: two' "$TMP/deploy"
check "a rollback from the history brings the first state back" claim page_applications.mjs rolls_back
check "the first state is on the target again" grep -rq 'text: one' "$TMP/deploy"
check "the list finds applications by their state" claim page_applications.mjs lists
check "an application is deleted with what it deployed" claim page_applications.mjs deletes
gone() { ! grep -rq 'text:' "$TMP/deploy"; }
check "nothing of it is left on the target" wait_until 10 gone
finish
