# A chart repository on the loopback: leaf 1.0.0, 1.2.0, 1.3.0-rc.1 and 2.0.0,
# twig 0.1.0, and a chart whose archive is not what the index says.
make_archive() { # name version
  mkdir -p "$work/make/$1/templates"
  printf 'apiVersion: v2\nname: %s\nversion: %s\n' "$1" "$2" \
    >"$work/make/$1/Chart.yaml"
  printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: %s-%s}\n' "$1" "$2" \
    >"$work/make/$1/templates/x.yaml"
  "$helm" package -d "$work/repo" "$work/make/$1" >/dev/null
}
for version in 1.0.0 1.2.0 1.3.0-rc.1 2.0.0; do make_archive leaf "$version"; done
make_archive twig 0.1.0
"$helm" repo index "$work/repo"
mkdir -p "$work/repo/damaged"
cp "$work/repo/leaf-1.0.0.tgz" "$work/repo/damaged/leaf-1.0.0.tgz"
"$helm" repo index "$work/repo/damaged"
cp "$work/repo/leaf-1.2.0.tgz" "$work/repo/damaged/leaf-1.0.0.tgz"
echo 'fromfile: 1' >"$work/repo/values.yaml"

python3 - "$work/repo" "$work/port" <<'PYTHON' 2>/dev/null &
import functools, http.server, os, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def send_error(self, code, message=None, explain=None):
        super().send_error(code)  # "404 Not Found", as other servers
handler = functools.partial(Handler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
with open(sys.argv[2] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
PYTHON
server=$!
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat "$work/port")
