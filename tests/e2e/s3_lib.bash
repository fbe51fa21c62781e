# For end-to-end scripts that need an S3 server: source it after lib.sh.
#
#   start_s3, stop_s3    versitygw, which checks signatures; its bucket "blobs"
#                        is the folder BUCKET; S3_URL says where it listens
#   s3_settings          the environment that makes start_skerry use it
#   objects PREFIX       how many objects there are below skerry/PREFIX
BUCKET=$TMP/s3/data/blobs
mkdir -p "$BUCKET" "$TMP/s3/meta"
S3_PROGRAM=$("$ROOT/tests/tools/go_tool.sh" versitygw)
S3_PORT=$(free_port)
# Not by the address of the daemon: clients send a host's credentials along
# when they are redirected to another port of it.
S3_URL=http://localhost:$S3_PORT
S3_PID=
at_end stop_s3

start_s3() {
  ROOT_ACCESS_KEY=e2e-access ROOT_SECRET_KEY=e2e-secret "$S3_PROGRAM" \
    --port "127.0.0.1:$S3_PORT" --keep-alive --quiet \
    posix --sidecar "$TMP/s3/meta" "$TMP/s3/data" >>"$TMP/s3.log" 2>&1 &
  S3_PID=$!
  wait_until 20 curl -s -o /dev/null "$S3_URL"
}

stop_s3() {
  [ -n "$S3_PID" ] || return 0
  kill -KILL "$S3_PID" 2>/dev/null || true
  wait "$S3_PID" 2>/dev/null || true
  S3_PID=
}

s3_settings() {
  export SKERRY_STORAGE_S3_ENDPOINT=$S3_URL SKERRY_STORAGE_S3_BUCKET=blobs \
    SKERRY_STORAGE_S3_ACCESS_KEY=e2e-access \
    SKERRY_STORAGE_S3_SECRET_KEY=e2e-secret
}

objects() {
  [ -d "$BUCKET/skerry/$1" ] || { echo 0; return; }
  find "$BUCKET/skerry/$1" -type f | wc -l
}
