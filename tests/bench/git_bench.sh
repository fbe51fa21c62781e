#!/usr/bin/env bash
# The Git remote beside git http-backend behind nginx and fcgiwrap, with the
# stock client, on loopback, in interleaved rounds; medians in milliseconds.
#
#   tests/bench/git_bench.sh [ROUNDS]      (default 5)
#
# Needs the Debian packages nginx-light and fcgiwrap. COMMITS (default 1000)
# is the size of the made-up history. "raw clone" is the pack as curl receives
# it: the server alone, without the client's index-pack.
. "$(dirname "$0")/../e2e/lib.sh"
ROUNDS=${1:-5}
COMMITS=${COMMITS:-1000}

# --- the peer ----------------------------------------------------------------

PEER_PORT=$(free_port)
PEER=http://127.0.0.1:$PEER_PORT
mkdir -p "$TMP/peer" "$TMP/nginx"
cat >"$TMP/nginx.conf" <<NGINX
user $(id -un); daemon off; worker_processes 2; pid $TMP/nginx/pid; error_log $TMP/nginx/log;
events { worker_connections 256; }
http {
  access_log off; client_max_body_size 0; client_body_temp_path $TMP/nginx/b;
  proxy_temp_path $TMP/nginx/p; fastcgi_temp_path $TMP/nginx/f;
  uwsgi_temp_path $TMP/nginx/u; scgi_temp_path $TMP/nginx/s;
  server {
    listen 127.0.0.1:$PEER_PORT;
    location / {
      fastcgi_pass unix:$TMP/fcgi.sock;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param GIT_PROJECT_ROOT $TMP/peer;
      fastcgi_param PATH_INFO \$uri;
      fastcgi_param REMOTE_USER bench;
      fastcgi_param REQUEST_METHOD \$request_method;
      fastcgi_param QUERY_STRING \$query_string;
      fastcgi_param CONTENT_TYPE \$content_type;
      fastcgi_param CONTENT_LENGTH \$content_length;
      fastcgi_param HTTP_GIT_PROTOCOL \$http_git_protocol;
      fastcgi_param HTTP_CONTENT_ENCODING \$http_content_encoding;
      fastcgi_buffering off; fastcgi_request_buffering off;
    }
  }
}
NGINX
setsid fcgiwrap -c 4 -s "unix:$TMP/fcgi.sock" &
at_end "kill -- -$! 2>/dev/null || kill $! 2>/dev/null"
/usr/sbin/nginx -c "$TMP/nginx.conf" -p "$TMP/nginx" 2>/dev/null &
at_end "kill -- -$! 2>/dev/null || kill $! 2>/dev/null"

# --- the history -------------------------------------------------------------

git init -q --bare "$TMP/source.git"
COMMITS=$COMMITS python3 - <<'PYTHON' | command git --git-dir "$TMP/source.git" fast-import --quiet
import os, random, sys
r = random.Random(1)
out = sys.stdout.buffer
words = ["".join(r.choices("abcdefghijklmnopqrstuvwxyz", k=r.randint(3, 10)))
         for _ in range(3000)]
line = lambda: " ".join(r.choices(words, k=6))
files = {f"d{d:02}/f{f:02}": [line() for _ in range(60)]
         for d in range(20) for f in range(20)}
for c in range(int(os.environ["COMMITS"])):
    names = sorted(files) if c == 0 else r.sample(sorted(files), 6)
    text = b"commit %d\n" % c
    out.write(b"commit refs/heads/main\ncommitter b <b@x> %d +0000\n"
              b"data %d\n%s" % (1700000000 + c, len(text), text))
    for name in names:
        files[name][r.randrange(60)] = line()
        body = ("\n".join(files[name]) + "\n").encode()
        out.write(b"M 100644 inline %s\ndata %d\n%s\n"
                  % (name.encode(), len(body), body))
PYTHON
git --git-dir "$TMP/source.git" repack -adfq
TIP=$(git --git-dir "$TMP/source.git" rev-parse main)

# --- measuring ---------------------------------------------------------------

start_skerry
project bench
# Both servers get the credentials at once: the peer checks none, so without
# this our clients alone would pay for being refused first.
BASIC=$(printf 'admin:%s' "$ADMIN_PASSWORD" | base64 -w0)
git config --file "$TMP/gitconfig" http.extraHeader "Authorization: Basic $BASIC"
timed() { # key command...: appends milliseconds to a file
  local key=$1 begin
  shift
  begin=$(date +%s%N)
  "$@" >/dev/null 2>"$TMP/timed.err" || { cat "$TMP/timed.err" >&2; return 1; }
  echo $(((($(date +%s%N) - begin)) / 1000)) >>"$TMP/$key"
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] / 1000 }'; }

pkt() { printf '%04x%s' $((${#1} + 4)) "$1"; }
{
  pkt $'command=fetch\n'
  printf 0001
  pkt $'ofs-delta\n'
  pkt "want $TIP"$'\n'
  pkt $'done\n'
  printf 0000
} >"$TMP/fetch"
raw_clone() {
  curl -sSf -H "Authorization: Basic $BASIC" -o /dev/null --data-binary "@$TMP/fetch" \
    -H 'Git-Protocol: version=2' \
    -H 'Content-Type: application/x-git-upload-pack-request' \
    "$1/git-upload-pack"
}
raw_clones() {
  local i pids=()
  for i in 1 2 3 4 5 6 7 8; do raw_clone "$1" & pids+=($!); done
  wait "${pids[@]}"
}
round() { # server url
  local server=$1 url=$2
  timed "$server-push" git --git-dir "$TMP/source.git" push -q "$url" main
  timed "$server-clone" git clone -q --bare "$url" "$TMP/clone.git"
  rm -rf "$TMP/clone.git"
  timed "$server-raw_clone" raw_clone "$url"
  timed "$server-raw_clone_x8" raw_clones "$url"
  timed "$server-ls_remote" git ls-remote -q "$url" refs/heads/main
  git clone -q -b main "$url" "$TMP/wc"
  echo more >>"$TMP/wc/d00/f00"
  git -C "$TMP/wc" commit -qam more
  timed "$server-push_one_commit" git -C "$TMP/wc" push -q origin main
  timed "$server-fetch_nothing" git -C "$TMP/wc" fetch -q
  rm -rf "$TMP/wc"
}
for i in $(seq "$ROUNDS"); do
  repository bench "r$i"
  round skerry "$BASE/git/bench/r$i.git"
  git init -q --bare "$TMP/peer/r$i.git"
  git --git-dir "$TMP/peer/r$i.git" config http.receivepack true
  round peer "$PEER/r$i.git"
done

printf '%-18s %10s %18s %7s\n' "ms (median of $ROUNDS)" skerry git-http-backend ratio
for key in push push_one_commit clone raw_clone raw_clone_x8 fetch_nothing ls_remote; do
  ours=$(median "$TMP/skerry-$key")
  theirs=$(median "$TMP/peer-$key")
  printf '%-18s %10s %18s %7s\n' "$key" "$ours" "$theirs" \
    "$(awk "BEGIN { printf \"%.2f\", $ours / $theirs }")"
done
stop_skerry
