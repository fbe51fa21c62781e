#!/usr/bin/env bash
# Bad requests get the right status and a sentence; the daemon lives on.
. "$(dirname "$0")/lib.sh"
SKERRY_HTTP_STALL_TIMEOUT=2s SKERRY_HTTP_IDLE_TIMEOUT=2s start_skerry
project demo
repository demo hello

code() { curl -sk -o "$TMP/body" -w '%{http_code}' "$@"; }
says() { grep -qi -- "$1" "$TMP/body"; }

wrong_password() {
  [ "$(code -u admin:wrong "$BASE/api/v1/projects")" = 401 ] && says password
}
check "a wrong password is 401 and says so" wrong_password

expired_token() {
  local secret
  secret=$(api POST /tokens \
    "{\"name\":\"t\",\"scopes\":[\"read\"],\"expires\":$(($(date +%s%3N) + 1000))}" |
    jq -r .secret)
  sleep 1.2
  [ "$(code -H "Authorization: Bearer $secret" "$BASE/api/v1/projects")" = 401 ] &&
    says expired
}
check "an expired token is 401 and says so" expired_token

api POST /users '{"name":"eve","password":"eve-password-1"}' >/dev/null
push_refused() {
  local work=$TMP/eve
  git init -q "$work"
  git -C "$work" commit -q --allow-empty -m x
  ! git -C "$work" push "$SCHEME://eve:eve-password-1@$HOSTPORT/git/demo/hello.git" main
}
check "a push without permission is refused" push_refused

nested() {
  python3 -c 'print("[" * 100000)' >"$TMP/nested"
  local got
  got=$(code -u "admin:$ADMIN_PASSWORD" -H 'Content-Type: application/json' \
    --data-binary "@$TMP/nested" "$BASE/api/v1/projects")
  [ "$got" = 413 ] || [ "$got" = 400 ]
}
check "a body of 100,000 nested arrays is refused" nested

not_json() {
  [ "$(code -u "admin:$ADMIN_PASSWORD" -H 'Content-Type: application/json' \
    --data-binary '{"name": x}' "$BASE/api/v1/projects")" = 400 ] &&
    says 'line 1, column'
}
check "a body that is not JSON is 400 and says where" not_json

unknown_member() {
  [ "$(code -u "admin:$ADMIN_PASSWORD" -H 'Content-Type: application/json' \
    --data-binary '{"name": "x", "colour": "red"}' "$BASE/api/v1/projects")" = 400 ] &&
    says colour
}
check "an unknown member is 400 and named" unknown_member

cat >"$TMP/raw.py" <<'PY'
import socket, sys, time
port, kind = int(sys.argv[1]), sys.argv[2]
s = socket.create_connection(("127.0.0.1", port), timeout=20)
begin = time.monotonic()
if kind == "endless-header":
    s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
    try:
        for _ in range(100000):
            s.sendall(b"X-Header: " + b"x" * 1000 + b"\r\n")
    except OSError:
        pass
    try:
        answer = s.recv(100)
    except OSError:
        answer = b""
    sys.exit(0 if answer == b"" or b" 431 " in answer or b" 400 " in answer else 1)
if kind == "stalled-header":
    s.sendall(b"GET / HTTP/1.1\r\nHo")
elif kind == "stalled-body":
    s.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\n"
              b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
elif kind == "garbage":
    s.sendall(b"\x16\x03\x01\x02\x00 this is not http\r\n\r\n")
# The server must answer or hang up by itself, well within 20 s.
try:
    while s.recv(1000):
        pass
except socket.timeout:
    sys.exit("the connection was kept open")
except OSError:
    pass
print(f"ended after {time.monotonic() - begin:.1f} s")
PY
for kind in endless-header stalled-header stalled-body garbage; do
  check "a connection with $kind is ended" python3 "$TMP/raw.py" "$PORT" "$kind"
done

crowd() {
  python3 - "$PORT" <<'PY'
import socket, sys, urllib.request
port = int(sys.argv[1])
idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(150)]
for s in idle:
    s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
print(urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=15).read())
PY
}
check "150 stalled connections do not shut others out" crowd

for path in '/api/v1/projects/..%2f..%2fetc' '/%00' '/assets/../../etc/passwd' \
  '/%zz' '/charts/demo/..%2f..%2fskerry.db' '/git/demo/..%2f..%2fkeys/info/refs'; do
  traversal() {
    local got
    got=$(code --path-as-is -u "admin:$ADMIN_PASSWORD" "$BASE$path")
    [ "$got" = 400 ] || [ "$got" = 404 ]
  }
  check "the path $path is refused" traversal
done

cat >"$TMP/chart.py" <<'PY'
import io, sys, tarfile
kind = sys.argv[1]
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|gz") as archive:
    def add(name, data=b"x", **more):
        entry = tarfile.TarInfo(name)
        entry.size = 0 if more else len(data)
        for key, value in more.items():
            setattr(entry, key, value)
        archive.addfile(entry, io.BytesIO(data))
    add("bad/Chart.yaml", b"apiVersion: v2\nname: bad\nversion: 1.0.0\n")
    if kind == "outside": add("../x")
    if kind == "absolute": add("/etc/x")
    if kind == "link": add("bad/x", type=tarfile.SYMTYPE, linkname="../../x")
    if kind == "hard-link": add("bad/x", type=tarfile.LNKTYPE, linkname="bad/Chart.yaml")
    if kind == "bomb": add("bad/x", bytes(300 << 20))
PY
chart_refused() { # KIND STATUS WORD
  python3 "$TMP/chart.py" "$1" >"$TMP/bad.tgz" || return 1
  [ "$(code -u "admin:$ADMIN_PASSWORD" --data-binary "@$TMP/bad.tgz" \
    "$BASE/api/charts/demo/charts")" = "$2" ] && says "$3"
}
check "a chart with a path outside itself is refused" chart_refused outside 400 "parent directory"
check "a chart with an absolute path is refused" chart_refused absolute 400 absolute
check "a chart with a link is refused" chart_refused link 400 link
check "a chart with a hard link is refused" chart_refused hard-link 400 bad/x
check "a chart that unpacks to 300 MB is refused" chart_refused bomb 413 "maximum size"

check "the daemon still answers" api GET /health
finish
