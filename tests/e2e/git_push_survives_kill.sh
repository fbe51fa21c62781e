#!/usr/bin/env bash
# kill -9 in the middle of pushes: what was acknowledged is there, nothing else
# is, and no rubbish is left after the next start. A pack of 1 GB into a limit
# of 100 MB gets a sentence that helps.
. "$(dirname "$0")/lib.sh"

start_skerry
project demo
repository demo app
URL=$(git_url demo app)
BARE=$DATA/git/demo/app.git

rubbish() {
  find "$BARE" -name 'tmp_*' -o -name '*.lock' -o -name 'pack_*'
}
sound() { [ -z "$(command git --git-dir "$BARE" fsck --strict 2>&1)" ]; }

git init -q "$TMP/work"
cd "$TMP/work"
git config core.compression 0
git config pack.compression 0
echo one >one
git add one
git commit -qm one
git remote add origin "$URL"
check "a first push" git push -q origin main
ACKNOWLEDGED=$(git rev-parse main)

head -c 200M /dev/urandom >large
git add large
git commit -qm large
for delay in 0.1 0.3 0.6 1.0 1.5; do
  git push -q origin main >/dev/null 2>&1 &
  PUSH=$!
  sleep $delay
  kill_skerry
  if wait $PUSH; then ACKNOWLEDGED=$(git rev-parse main); fi
  start_skerry
  check "killed after $delay s: nothing is left over" [ -z "$(rubbish)" ]
  check "killed after $delay s: the repository is sound" sound
  check "killed after $delay s: what was acknowledged is there" \
    command git --git-dir "$BARE" merge-base --is-ancestor \
    "$ACKNOWLEDGED" main
done
check "the push goes through at last" git push -q origin main
check "and is sound" sound

api PUT /settings/git.max_pack_size '{"value":"100MiB"}' >/dev/null
head -c 1G /dev/urandom >huge
git add huge
git commit -qm huge
refuse "1 GB into a limit of 100 MB" git push -q origin main
cp "$TMP/check.out" "$TMP/said"
check "the client hears of the limit" grep -q 'git.max_pack_size' "$TMP/said"
check "nothing is left over" [ -z "$(rubbish)" ]
check "the daemon lives" git ls-remote -q origin
finish
