#!/usr/bin/env bash
# Pushes and pulls one blob through Skerry and through distribution 3, both with
# the same S3 server behind them, in turns; prints MB/s, the best of the rounds.
#
#   tests/bench/s3_bench.sh [MIB] [ROUNDS]
. "$(dirname "$0")/../e2e/lib.sh"
. "$ROOT/tests/e2e/s3_lib.bash"
mib=${1:-256}
rounds=${2:-3}

start_s3
s3_settings
mkdir -p "$TMP/s3/data/peer"
peer_port=$(free_port)
cat >"$TMP/peer.yml" <<YML
version: 0.1
log: {level: error}
storage:
  s3: {accesskey: e2e-access, secretkey: e2e-secret, region: us-east-1,
    regionendpoint: "$S3_URL", bucket: peer, forcepathstyle: true, secure: false,
    chunksize: 33554432}
  redirect: {disable: ${PEER_REDIRECT_OFF:-true}}
http: {addr: "127.0.0.1:$peer_port"}
YML
"$("$ROOT/tests/tools/go_tool.sh" registry)" serve "$TMP/peer.yml" >"$TMP/peer.log" 2>&1 &
PEER=$!
at_end 'kill -KILL $PEER 2>/dev/null'
wait_until 20 curl -s -o /dev/null "http://127.0.0.1:$peer_port/v2/"
start_skerry
project demo

declare -A best
note() { # what seconds
  local speed
  speed=$(python3 -c "print(f'{$mib * 1.048576 / $2:.0f}')")
  [ "${best[$1]:-0}" -ge "$speed" ] || best[$1]=$speed
}
push() { # what base credentials
  local location
  location=$(curl -sS $3 -X POST -D - -o /dev/null "$2/v2/demo/b/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //p')
  case $location in http*) ;; *) location=$2$location ;; esac
  case $location in *\?*) location="$location&digest=$blob" ;; *) location="$location?digest=$blob" ;; esac
  note "$1" "$(curl -fsS $3 -o /dev/null -w '%{time_total}' -X PUT -H 'Content-Type: application/octet-stream' -T "$TMP/blob" "$location")"
}
pull() { # what base credentials
  note "$1" "$(curl -fsSL $3 -o /dev/null -w '%{time_total}' "$2/v2/demo/b/blobs/$blob")"
}
user="-u admin:$ADMIN_PASSWORD"
peer=http://127.0.0.1:$peer_port
for round in $(seq "$rounds"); do
  head -c "${mib}M" /dev/urandom >"$TMP/blob"
  blob=sha256:$(sha256sum "$TMP/blob" | cut -d' ' -f1)
  push "skerry push" "$BASE" "$user"
  push "distribution push" "$peer" ""
  pull "skerry pull, from its cache" "$BASE" "$user"
  rm -f "$DATA"/cache/sha256-*
  pull "skerry pull, into its cache" "$BASE" "$user"
  SKERRY_STORAGE_S3_CACHE=0 restart_skerry
  pull "skerry pull, without a cache" "$BASE" "$user"
  pull "distribution pull" "$peer" ""
  SKERRY_STORAGE_S3_DELIVERY=redirect restart_skerry
  pull "skerry pull, redirected" "$BASE" "$user"
  restart_skerry
done
for what in "${!best[@]}"; do printf '%-32s %6s MB/s\n' "$what" "${best[$what]}"; done | sort
