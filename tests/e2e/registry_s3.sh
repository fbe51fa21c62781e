#!/usr/bin/env bash
# Blobs in an S3 store: pushed and pulled by real clients, through the server
# and by redirection; what S3 refuses or does not answer loses nothing; garbage
# leaves the bucket; files are moved there and back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
. "$(dirname "$0")/s3_lib.bash"

gc() { "$SKERRY" --server "$BASE" --user admin --password "$ADMIN_PASSWORD" gc --older-than 0s; }
refused() { # text: the daemon does not start and says so
  says "$1" timeout 60 "$SKERRY" serve --data "$TMP/refused" --listen http://127.0.0.1:0
}
start_s3
s3_settings
check "a wrong secret is told in S3's words" \
  env SKERRY_STORAGE_S3_SECRET_KEY=wrong bash -c "$(declare -f says refused); TMP=$TMP SKERRY=$SKERRY refused SignatureDoesNotMatch"
check "so is a bucket that is not there" \
  env SKERRY_STORAGE_S3_BUCKET=nothing bash -c "$(declare -f says refused); TMP=$TMP SKERRY=$SKERRY refused NoSuchBucket"
check "a bad endpoint is named by its setting" \
  env SKERRY_STORAGE_S3_ENDPOINT=s3.example bash -c "$(declare -f says refused); TMP=$TMP SKERRY=$SKERRY refused storage.s3_endpoint"

start_skerry
project demo
creds=admin:$ADMIN_PASSWORD
push() { # layout repository
  skopeo copy -q --dest-tls-verify=false --dest-creds "$creds" \
    "oci:$1:v1" "docker://$HOSTPORT/demo/$2:v1"
}
pulls() { # layout repository: gets the same bytes
  rm -rf "$TMP/back"
  skopeo copy -q --src-tls-verify=false --src-creds "$creds" \
    "docker://$HOSTPORT/demo/$2:v1" "oci:$TMP/back:v1" &&
    diff -r "$1/blobs" "$TMP/back/blobs"
}
make_image "$TMP/small" small
make_image "$TMP/large" large 220000000
large=$(jq -r '.layers[0].digest' "$TMP/large/blobs/sha256/$(layout_digest "$TMP/large" | cut -d: -f2)")
check "skopeo pushes an image" push "$TMP/small" small
check "and one of 220 MB, in parts" push "$TMP/large" large
check "the bytes are in the bucket" test "$(objects blobs)" = 2
check "and in no file of the data folder" test "$(find "$DATA/blobs" -type f | wc -l)" = 0
check "skopeo pulls it from the cache" pulls "$TMP/large" large
rm -rf "$DATA"/cache/sha256-*
check "and through the server from the store" pulls "$TMP/large" large
SKERRY_STORAGE_S3_CACHE=0 restart_skerry
check "and without any cache" pulls "$TMP/large" large
range() {
  curl -fsS -u "$creds" -H 'Range: bytes=100000000-100999999' \
    "$BASE/v2/demo/large/blobs/$large" -o "$TMP/range" &&
    cmp -n 1000000 -i 100000000:0 "$TMP/large/blobs/sha256/${large#*:}" "$TMP/range" &&
    [ "$(stat -c %s "$TMP/range")" = 1000000 ]
}
check "a range comes from the middle" range

SKERRY_STORAGE_S3_DELIVERY=redirect restart_skerry
head_of() { curl -sS -u "$creds" -o /dev/null -D - "$@" "$BASE/v2/demo/large/blobs/$large" | tr -d '\r'; }
check "redirect: a GET is sent to the store" grep -q "^Location: $S3_URL/blobs/skerry/blobs/" <(head_of)
check "redirect: a HEAD is answered here" grep -q '^HTTP/1.1 200' <(head_of --head)
check "redirect: nothing without permission" \
  test "$(curl -sS -o /dev/null -w '%{http_code}' "$BASE/v2/demo/large/blobs/$large")" = 401
check "redirect: skopeo pulls" pulls "$TMP/large" large
check "redirect: a range is followed" bash -c "curl -fsSL -u '$creds' -H 'Range: bytes=5-9' '$BASE/v2/demo/large/blobs/$large' | cmp - <(tail -c +6 '$TMP/large/blobs/sha256/${large#*:}' | head -c 5)"
restart_skerry

make_image "$TMP/killed" killed 150000000
# Killed while its parts are on their way to the store.
sending() { python3 - "$DATA/skerry.db" <<'PY'
import sqlite3, sys, time
db, end = sqlite3.connect(sys.argv[1]), time.time() + 60
while time.time() < end:
    if db.execute("select count(*) from s3_upload").fetchone()[0]:
        sys.exit(0)
    time.sleep(0.002)
sys.exit(1)
PY
}
push "$TMP/killed" killed >/dev/null 2>&1 &
client=$!
check "an upload in parts begins" sending
kill_skerry
kill $client 2>/dev/null || true
wait $client || true
start_skerry
check "after kill -9 in a push the push is done again" push "$TMP/killed" killed
check "and pulled" pulls "$TMP/killed" killed
check "what was there is there" pulls "$TMP/small" small
parts_left() { python3 -c "
import sqlite3, sys
sys.exit(sqlite3.connect('$DATA/skerry.db').execute('select count(*) from s3_upload').fetchone()[0])"; }
check "no upload in parts is left" parts_left

make_image "$TMP/down" down
stop_s3
head -c 100000 /dev/urandom >"$TMP/blob"
blob=sha256:$(sha256sum "$TMP/blob" | cut -d' ' -f1)
code=$(curl -sS -u "$creds" -o "$TMP/answer" -w '%{http_code}' -X POST \
  -H 'Content-Type: application/octet-stream' --data-binary "@$TMP/blob" \
  "$BASE/v2/demo/down/blobs/uploads/?digest=$blob")
check "without the store a push is answered 503 ($code)" test "$code" = 503
check "and says why" grep -q "S3 store" "$TMP/answer"
check "health tells it" grep -q "S3 store" <(api GET /health)
start_s3
check "with the store the push works" push "$TMP/down" down
check "and is pulled" pulls "$TMP/down" down

# --- two servers, one bucket
two() { # command...: with the second server's names
  local BASE=$BASE2 HOSTPORT=${BASE2#http://}
  "$@"
}
BASE2=http://127.0.0.1:$(free_port)
SKERRY_ADMIN_PASSWORD=$ADMIN_PASSWORD SKERRY_REGISTRY_BLOB_GRACE=6s SKERRY_REGISTRY_UNDO_WINDOW=1s \
  "$SKERRY" serve --data "$TMP/two" --listen "$BASE2" >>"$TMP/two.log" 2>&1 &
TWO=$!
at_end 'kill -KILL $TWO 2>/dev/null'
wait_until 20 curl -fs -o /dev/null "$BASE2/readyz"
two project demo
before=$(objects blobs)
check "another server gets an image that is there" two push "$TMP/large" large
check "no byte is stored twice" test "$(objects blobs)" = "$before"
SKERRY_REGISTRY_BLOB_GRACE=6s SKERRY_REGISTRY_UNDO_WINDOW=1s restart_skerry
for repository in small large killed down; do
  api DELETE "/projects/demo/images?repository=$repository" >/dev/null
done
check "the first collects" gc
check "what only it had leaves the bucket" test "$(objects blobs)" = 1
rm -rf "$TMP"/two/cache/sha256-*
check "the other still pulls" two pulls "$TMP/large" large

export STORM_LAYER_BYTES=20000
storm() { "$ROOT/tests/e2e/registry_storm.py" "$BASE" "$ADMIN_PASSWORD" "$TMP/state-${BASE##*:}" "$@"; }
mkdir "$TMP/state-${BASE##*:}" "$TMP/state-${BASE2##*:}"
two storm run "${STORM_SECONDS:-25}" 7 >"$TMP/storm2.out" 2>&1 &
other=$!
check "a storm of both on the same blobs loses nothing of the first" storm run "${STORM_SECONDS:-25}" 7
status=0
wait $other || status=$?
cp "$TMP/storm2.out" "$TMP/check.out"
report $status "nor of the second"
rm -rf "$TMP"/two/cache/sha256-* "$DATA"/cache/sha256-*
check "all of the first's is there afterwards" storm check
check "all of the second's is there afterwards" two storm check
two api DELETE "/projects/demo/images?repository=large" >/dev/null
for n in 0 1 2 3; do
  api DELETE "/projects/demo/images?repository=storm$n" >/dev/null || true
  two api DELETE "/projects/demo/images?repository=storm$n" >/dev/null || true
done
sleep 2
check "both collect" eval 'gc && two gc'
empty() { [ "$(objects blobs)" = 0 ] && [ "$(objects holders)" = 0 ] && [ "$(objects condemned)" = 0 ]; }
check "then the bucket is empty" empty
kill -KILL $TWO
wait $TWO 2>/dev/null || true

# --- moving
push "$TMP/small" small
stop_skerry
move() { "$SKERRY" storage move --data "$DATA" --to "$1"; }
check "the blobs move into files" move files
check "there is one" test "$(find "$DATA/blobs/sha256" -type f | wc -l)" = 1
check "and none in the bucket" empty
check "with S3 set the server says how to go on" says "skerry storage move --to s3" \
  timeout 60 "$SKERRY" serve --data "$DATA" --listen http://127.0.0.1:0
(unset SKERRY_STORAGE_S3_ENDPOINT; start_skerry; pulls "$TMP/small" small; stop_skerry) >"$TMP/check.out" 2>&1
report $? "without it it serves them"
check "they move to S3 again" move s3
start_skerry
check "and are served from there" pulls "$TMP/small" small
check "health is good" test "$(api GET /health | jq -r '.checks[] | select(.name == "blob storage") | .ok')" = true
grep -q e2e-secret "$TMP/skerry.log" "$TMP/two.log" && status=1 || status=0
report $status "the secret is in no log"
finish
