#!/usr/bin/env bash
# A blob of 10 GiB arrives, half as a stream of unknown length and half in one
# request, and is read whole and in parts, while the daemon's memory stays small.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_skerry
project demo
creds=admin:$ADMIN_PASSWORD
size=$((10 << 30))
half=$((5 << 30))
# Nothing but zeros, so the source takes no room; the daemon stores them all.
zeros() { head -c $half /dev/zero; }
digest=sha256:732377e7f4a2abdc13ddfa1eb4c9c497fd2a2b294674d056cf51581b47dd586d
free_gib=$(($(df --output=avail -B1G "$TMP" | tail -n 1)))
check "there are 12 GiB free for this ($free_gib)" test "$free_gib" -ge 12

http() { curl -fsS -u "$creds" "$@"; }
uploads=$BASE/v2/demo/big/blobs/uploads/
location=$BASE$(http -X POST -D - -o /dev/null "$uploads" | tr -d '\r' |
  sed -n 's/^Location: //p')
begin=$SECONDS
stream() { zeros | http -X PATCH -T - "$location"; }
check "5 GiB arrive as a stream of unknown length" stream
came() { http -D - -o /dev/null "$location" | tr -d '\r' | grep -qx "Range: 0-$((half - 1))"; }
check "the upload says how far it has come" came
at_once() {
  zeros | http -X PUT -T - -H "Content-Length: $half" -H 'Transfer-Encoding:' \
    -H "Content-Range: $half-$((size - 1))" "$location?digest=$digest"
}
check "and 5 GiB more in the one request that closes it" at_once
echo "upload: $((SECONDS - begin)) s"

length() { http -I "$BASE/v2/demo/big/blobs/$digest" | tr -d '\r' | grep -qx "Content-Length: $size"; }
check "HEAD says its length" length
range() { # from length
  http -r "$1-$(($1 + $2 - 1))" "$BASE/v2/demo/big/blobs/$digest" |
    cmp - <(head -c "$2" /dev/zero)
}
check "a range beyond 4 GiB is read" range 5000000000 1000000
check "and the last bytes" range $((size - 1000)) 1000
beyond() {
  [ "$(curl -sS -o /dev/null -w '%{http_code}' -u "$creds" -r $size- \
    "$BASE/v2/demo/big/blobs/$digest")" = 416 ]
}
check "a range beyond the end is 416" beyond
begin=$SECONDS
whole() {
  [ "sha256:$(http "$BASE/v2/demo/big/blobs/$digest" | openssl dgst -sha256 | sed 's/.* //')" = "$digest" ]
}
check "the whole blob is read back" whole
echo "read: $((SECONDS - begin)) s"
peak=$(awk '/^VmHWM/ { print $2 }' "/proc/$SKERRY_PID/status")
check "the daemon never took more than 60 MB ($((peak / 1024)) MB)" test "$peak" -lt 60000
finish
