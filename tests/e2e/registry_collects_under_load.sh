#!/usr/bin/env bash
# Garbage is collected without a pause while clients push, pull, mount and
# delete images that share layers, and the daemon is killed at random moments:
# nothing that was acknowledged is ever missing, and what is deleted frees its
# space. STORM_ROUNDS and STORM_SECONDS make it longer.
. "$(dirname "$0")/lib.sh"
storm=$ROOT/tests/e2e/registry_storm.py
rounds=${STORM_ROUNDS:-4}
seconds=${STORM_SECONDS:-5}

# A push takes less than a second here; its blobs may be collected after two.
export SKERRY_REGISTRY_BLOB_GRACE=2s SKERRY_REGISTRY_UNDO_WINDOW=1s
start_skerry
project demo
mkdir "$TMP/state"
storm() { "$storm" "$BASE" "$ADMIN_PASSWORD" "$TMP/state" "$@"; }

check "nothing is lost in a storm of $seconds s" storm run "$seconds" 1
check "all of it is there afterwards" storm check
for round in $(seq 2 "$rounds"); do
  storm run "$seconds" "$round" >"$TMP/storm.out" 2>&1 &
  clients=$!
  sleep "$((RANDOM % seconds)).$((RANDOM % 10))"
  kill_skerry
  status=0
  wait $clients || status=$?
  grep -q '^lost:' "$TMP/storm.out" && status=2
  cat "$TMP/storm.out"
  start_skerry
  check "round $round: nothing is lost until the kill" test "$status" -lt 2
  check "round $round: all that was acknowledged is there after kill -9" storm check
done

stored() { find "$DATA/blobs" -type f | wc -l; }
gc() { "$SKERRY" --server "$BASE" --user admin --password "$ADMIN_PASSWORD" gc "$@"; }
for n in 0 1 2 3; do
  api DELETE "/projects/demo/images?repository=storm$n" >/dev/null
done
before=$(stored)
gc --dry-run --older-than 0s >"$TMP/foretold"
check "a dry run removes nothing" test "$(stored)" = "$before"
gc --older-than 0s >"$TMP/gone"
check "it names blobs that go" grep -q '^blob ' "$TMP/foretold"
same_blobs() { diff <(grep '^blob ' "$TMP/foretold" | sort) <(grep '^blob ' "$TMP/gone" | sort); }
check "what goes is what the dry run said" same_blobs
check "the space of what was deleted is free again ($before files before)" test "$(stored)" = 0
no_rows() {
  python3 - "$DATA/skerry.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
tables = ["registry_" + name for name in
          ("repository", "blob", "content", "manifest", "reference", "tag", "deleted")]
for table in tables + ["small_blob"]:
    count = db.execute(f"select count(*) from {table}").fetchone()[0]
    assert count == 0, f"{count} rows are left in {table}"
PY
}
check "no row is left" no_rows
finish
