#!/usr/bin/env bash
# kill -9 in the middle of a push: what was acknowledged is there afterwards,
# the upload goes on where it broke off, and no rubbish stays.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_skerry
project demo
make_image "$TMP/first" first
digest=$(layout_digest "$TMP/first")
creds=admin:$ADMIN_PASSWORD
push() { # layout repository
  skopeo copy -q --dest-tls-verify=false --dest-creds "$creds" \
    "oci:$1:v1" "docker://$HOSTPORT/demo/$2:v1"
}
check "the first image is pushed" push "$TMP/first" first

head -c 50000000 /dev/urandom >"$TMP/blob"
blob=sha256:$(sha256sum "$TMP/blob" | cut -d' ' -f1)
location=$(curl -sS -u "$creds" -X POST -D - -o /dev/null \
  "$BASE/v2/demo/big/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //p')
curl -sS -u "$creds" -X PATCH -T "$TMP/blob" --limit-rate 20M \
  "$BASE$location" >/dev/null 2>&1 &
upload=$!
sleep 1.2
kill_skerry
wait $upload || true
start_skerry

same_manifest() {
  [ "$(skopeo inspect --tls-verify=false --creds "$creds" --format '{{.Digest}}' \
    "docker://$HOSTPORT/demo/first:v1")" = "$digest" ] &&
    skopeo copy -q --src-tls-verify=false --src-creds "$creds" \
      "docker://$HOSTPORT/demo/first:v1" "oci:$TMP/again:v1" &&
    diff -r "$TMP/first/blobs" "$TMP/again/blobs"
}
check "the first image is whole after kill -9" same_manifest

range=$(curl -sS -u "$creds" -D - -o /dev/null "$BASE$location" | tr -d '\r' |
  sed -n 's/^Range: 0-//p')
echo "arrived before the kill: $range bytes"
check "part of the upload arrived" test "${range:-0}" -gt 1000000
rest() {
  tail -c "+$((range + 2))" "$TMP/blob" >"$TMP/rest"
  curl -fsS -u "$creds" -X PATCH -T "$TMP/rest" \
    -H "Content-Range: $((range + 1))-49999999" "$BASE$location" &&
    curl -fsS -u "$creds" -X PUT "$BASE$location?digest=$blob" -d ''
}
check "the upload goes on where it broke off" rest
check "the blob is the same bytes" \
  sh -c "curl -fsS -u '$creds' '$BASE/v2/demo/big/blobs/$blob' | cmp - '$TMP/blob'"

# Kill at random moments while images are pushed; each acknowledged push must
# be whole afterwards.
for round in 1 2 3 4 5; do
  rm -f "$TMP/acknowledged"
  (
    for i in $(seq 1 40); do
      make_image "$TMP/image-$round-$i" "$round-$i" 20000
      push "$TMP/image-$round-$i" "many/r$round-$i" 2>/dev/null || exit 0
      echo "$i" >>"$TMP/acknowledged"
    done
  ) &
  pusher=$!
  sleep "1.$((RANDOM % 9))"
  kill_skerry
  wait $pusher || true
  start_skerry
  whole() {
    local i
    for i in $(cat "$TMP/acknowledged" 2>/dev/null); do
      rm -rf "$TMP/check"
      skopeo copy -q --src-tls-verify=false --src-creds "$creds" \
        "docker://$HOSTPORT/demo/many/r$round-$i:v1" "oci:$TMP/check:v1" &&
        diff -r "$TMP/image-$round-$i/blobs" "$TMP/check/blobs" || return 1
    done
  }
  check "round $round: all of $(wc -l <"$TMP/acknowledged" 2>/dev/null || echo 0) acknowledged pushes are whole" whole
done
no_rubbish() {
  # Uploads of killed pushes may wait to be continued, nothing else.
  ! find "$DATA/uploads" -type f ! -name '*-*-*' | grep . &&
    ! find "$DATA/work" -type f | grep .
}
check "no rubbish lies in the data folder" no_rubbish
finish
