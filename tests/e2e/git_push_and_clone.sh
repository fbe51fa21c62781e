#!/usr/bin/env bash
# The stock git client against the daemon: every way to push and to fetch that
# the README promises, and who may do it.
. "$(dirname "$0")/lib.sh"

start_skerry
project demo
repository demo app
URL=$(git_url demo app)
BARE=$DATA/git/demo/app.git

sound() { [ -z "$(command git --git-dir "$BARE" fsck --strict 2>&1)" ]; }
count() { git -C "$1" rev-list --count HEAD; }
same() { [ "$(git -C "$1" rev-parse "$3")" = "$(git -C "$2" rev-parse "$3")" ]; }

git init -q "$TMP/work"
cd "$TMP/work"
for i in $(seq 1 30); do
  mkdir -p "dir$((i % 4))"
  seq "$i" $((i + 200)) >"dir$((i % 4))/file$i"
  git add -A
  git commit -qm "commit $i"
done
git tag -am "first" v1 HEAD~5
git remote add origin "$URL"

check "a branch and a tag are pushed" git push -q origin main v1
check "the repository is sound for git fsck --strict" sound
for version in 0 1 2; do
  check "clone, protocol $version" \
    git -c protocol.version=$version clone -q "$URL" "$TMP/clone$version"
  check "it has the same commit" same "$TMP/work" "$TMP/clone$version" main
done
check "shallow clone" git clone -q --depth 2 "$URL" "$TMP/shallow"
check "it has two commits" [ "$(count "$TMP/shallow")" = 2 ]
check "deepen" git -C "$TMP/shallow" fetch -q --deepen 3
check "it has five commits" [ "$(count "$TMP/shallow")" = 5 ]
check "unshallow" git -C "$TMP/shallow" fetch -q --unshallow
check "it has all commits" [ "$(count "$TMP/shallow")" = 30 ]
check "partial clone" git clone -q --filter=blob:none "$URL" "$TMP/partial"

git checkout -q -b topic HEAD~3
echo more >more
git add more
git commit -qm more
check "a new branch" git push -q origin topic
check "single-branch clone" \
  git clone -q --single-branch -b topic "$URL" "$TMP/single"
check "it has that branch only" \
  [ "$(git -C "$TMP/single" branch -r)" = "  origin/topic" ]
refuse "the default branch refuses force" git push -q -f origin topic:main
refuse "the default branch refuses deletion" git push -q origin :main
refuse "an atomic push with one bad ref" \
  git push -q --atomic -f origin topic:fresh topic:main
refuse "moved nothing" [ -n "$(git ls-remote origin fresh)" ]
check "patterns can be protected" api PUT /projects/demo/repos/app/protection \
  '{"patterns":["refs/heads/topic"]}'
refuse "then they refuse force" git push -q -f origin main~9:topic
check "and the default branch takes it" git push -q -f origin topic:main
check "a branch to throw away" git push -q origin topic:gone
check "is deleted" git push -q origin :gone

check "the commits are listed" grep -q '"message":"more' \
  <(api GET '/projects/demo/repos/app/commits?ref=topic&limit=1')
check "an archive is served" \
  curl -fsS -u "admin:$ADMIN_PASSWORD" -o "$TMP/a.tgz" \
  "$BASE/git/demo/app/archive/topic.tar.gz"
check "with the files in it" grep -q 'app-topic/more' <(tar tzf "$TMP/a.tgz")

refuse "a wrong password" git ls-remote \
  "$SCHEME://admin:wrong@$HOSTPORT/git/demo/app.git"
refuse "nobody reads a private project" git ls-remote "$BASE/git/demo/app.git"
api POST /users '{"name":"eve","password":"eve-password-1"}' >/dev/null
api PUT /projects/demo/members/eve '{"role":"viewer"}' >/dev/null
EVE=$SCHEME://eve:eve-password-1@$HOSTPORT/git/demo/app.git
check "a viewer reads" git ls-remote -q "$EVE"
refuse "a viewer does not push" git push -q "$EVE" main:eves

check "the repository is renamed" api PATCH /projects/demo/repos/app \
  '{"name":"renamed"}'
refuse "the old name is gone" git ls-remote "$URL"
check "the new one serves" git ls-remote -q "$(git_url demo renamed)"
check "the repository is deleted" api DELETE /projects/demo/repos/renamed
refuse "with its folder" [ -e "$DATA/git/demo/renamed.git" ]
finish
