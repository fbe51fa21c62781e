#!/usr/bin/env bash
# A full disk refuses with a sentence, keeps what was acknowledged, and after
# room was made everything works again.
. "$(dirname "$0")/lib.sh"
mount -t tmpfs -o size=48m skerry-e2e "$DATA"
at_end "umount -l '$DATA'"
start_skerry
project demo
repository demo hello

work=$TMP/work
git init -q "$work"
echo small >"$work/file"
git -C "$work" add -A
git -C "$work" commit -qm small
check "a small push fits" git -C "$work" push -q "$(git_url demo hello)" main
first=$(git -C "$work" rev-parse HEAD)

head -c 80000000 /dev/urandom >"$work/large"
git -C "$work" add -A
git -C "$work" commit -qm large
push_large() {
  git -C "$work" push "$(git_url demo hello)" main 2>&1 | tee "$TMP/push.out"
  [ "${PIPESTATUS[0]}" != 0 ]
}
check "a push larger than the disk is refused" push_large
check "and the refusal speaks of space" grep -qiE 'space|full' "$TMP/push.out"
check "the daemon lives" api GET /health
unmoved() {
  [ "$(git ls-remote "$(git_url demo hello)" refs/heads/main | cut -f1)" = "$first" ]
}
check "the branch stands where it was" unmoved
freed() { [ "$(df --output=avail -k "$DATA" | tail -n 1)" -gt 20000 ]; }
check "what was received of it is gone" wait_until 10 freed

upload() {
  local location status
  location=$(curl -sk -u "admin:$ADMIN_PASSWORD" -X POST -D - -o /dev/null \
    "$BASE/v2/demo/image/blobs/uploads/" | tr -d '\r' |
    sed -n 's/^[Ll]ocation: //p')
  location=${location#"$BASE"}
  status=$(curl -sk -u "admin:$ADMIN_PASSWORD" -X PATCH -o "$TMP/body" \
    -w '%{http_code}' --data-binary "@$work/large" \
    -H 'Content-Type: application/octet-stream' "$BASE$location")
  echo "status $status"
  cat "$TMP/body"
  case $status in 5* | 413) grep -qiE 'space|full' "$TMP/body" ;; *) false ;; esac
}
check "an image layer larger than the disk is refused and says why" upload

fill() {
  head -c 100000000 /dev/zero >"$DATA/filler" 2>/dev/null
  api POST /projects '{"name":"second"}' && return 1
  rm "$DATA/filler"
  api POST /projects '{"name":"second"}'
}
check "with no byte left a change is refused, with room it works again" fill

restart_skerry
check "it starts again" api GET /health
check "and the branch still stands" unmoved
finish
