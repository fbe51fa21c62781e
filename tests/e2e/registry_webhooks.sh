#!/usr/bin/env bash
# The same image is pushed to, pulled and deleted from Debian's docker-registry
# and Skerry: both send the same notifications, field by field. An event that was
# answered for survives kill -9, and a dead receiver delays neither pushes nor
# other receivers.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

start_receiver
at_end stop_receiver
count() { if [ -e "$TMP/hooks/$1.jsonl" ]; then wc -l <"$TMP/hooks/$1.jsonl"; else echo 0; fi; }
has() { [ "$(count "$1")" -ge "$2" ]; }

# --- docker-registry, with an account, so that its events have an actor
their_port=$(free_port)
python3 -W ignore -c 'import crypt
print("admin:" + crypt.crypt("e2e-password", crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)).replace("$2b$", "$2y$"))' >"$TMP/htpasswd"
cat >"$TMP/registry.yml" <<CONFIG
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $TMP/theirs}, delete: {enabled: true}}
http: {addr: '127.0.0.1:$their_port'}
auth: {htpasswd: {realm: here, path: $TMP/htpasswd}}
notifications:
  events: {includereferences: true}
  endpoints:
    - {name: e2e, url: '$(hook_url theirs)', timeout: 5s, threshold: 5, backoff: 1s}
CONFIG
docker-registry serve "$TMP/registry.yml" >"$TMP/registry.log" 2>&1 &
their_pid=$!
at_end 'kill $their_pid 2>/dev/null; wait $their_pid 2>/dev/null'
theirs=127.0.0.1:$their_port
wait_until 20 curl -fsS -o /dev/null -u admin:e2e-password "http://$theirs/v2/"

export SKERRY_REGISTRY_WEBHOOK_ALLOW_LOCAL=true SKERRY_REGISTRY_WEBHOOK_RETRY=200ms
start_skerry
project demo
hook() { # name json-members
  api POST /projects/demo/webhooks "{\"name\":\"$1\",\"url\":\"$(hook_url "$1")\"$2}" | jq .id
}
all='"actions":["push","pull","mount","delete"]'
hook ours ",$all,\"blobs\":true,\"include_references\":true,\"secret\":\"hush\"" >/dev/null

# --- the same to both
make_image "$TMP/image" one 200000
digest=$(layout_digest "$TMP/image")
both() { # registry path prefix
  local creds=admin:e2e-password
  skopeo copy -q --dest-tls-verify=false --dest-creds $creds "oci:$TMP/image:v1" "docker://$1/demo/app:v1" &&
    skopeo copy -q --src-tls-verify=false --src-creds $creds "docker://$1/demo/app:v1" "oci:$TMP/back-$2:v1" &&
    curl -fsS -o /dev/null -u $creds -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://$1/v2/demo/app/manifests/$digest" &&
    curl -fsS -o /dev/null -u $creds -X POST -H 'Content-Length: 0' \
      "http://$1/v2/demo/copy/blobs/uploads/?mount=$(jq -r '.layers[0].digest' "$TMP/image/blobs/sha256/${digest#sha256:}")&from=demo/app" &&
    curl -fsS -o /dev/null -u $creds -X DELETE "http://$1/v2/demo/app/manifests/$digest"
}
check "docker-registry takes, gives and deletes an image" both "$theirs" theirs
check "skerry does the same" both "$HOSTPORT" ours
deletions() { [ "$(grep -c '"delete"' "$TMP/hooks/$1.jsonl")" -ge 2 ]; }
check "docker-registry tells of the deletion" wait_until 20 deletions theirs
check "skerry tells of the deletion" wait_until 20 deletions ours

cat >"$TMP/compare.py" <<'PY'
import json, re, sys
def load(name):
    lines = [json.loads(line) for line in open(f"{sys.argv[1]}/{name}.jsonl")]
    return lines, [event for line in lines for event in line["envelope"]["events"]]
def kind(event):
    what = event["target"]
    blob = what.get("mediaType", "") == "application/octet-stream"
    return (event["action"], event["request"]["method"], "blob" if blob else "manifest",
            "tag" if "tag" in what else "", "digest" if "digest" in what else "")
def shape(value):
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__
their_lines, theirs = load("theirs")
our_lines, ours = load("ours")
bad = []
# docker-registry 2.8 has the format's first version, distribution 3 its second;
# their members are the same.
for version, lines in ((1, their_lines), (2, our_lines)):
    for line in lines:
        if line["headers"]["content-type"] != f"application/vnd.docker.distribution.events.v{version}+json":
            bad.append(f"content type {line['headers']['content-type']}")
        if set(line["envelope"]) != {"events"} or len(line["envelope"]["events"]) != 1:
            bad.append(f"envelope {line['envelope']}")
their_kinds, our_kinds = {}, {}
for table, events in ((their_kinds, theirs), (our_kinds, ours)):
    for event in events:
        table.setdefault(kind(event), []).append(event)
wanted = {("push", "PUT", "manifest", "tag", "digest"), ("pull", "GET", "manifest", "", "digest"),
          ("pull", "GET", "manifest", "tag", "digest"), ("push", "PUT", "blob", "", "digest"),
          ("pull", "GET", "blob", "", "digest"), ("mount", "POST", "blob", "", "digest"),
          ("delete", "DELETE", "manifest", "", "digest"), ("delete", "DELETE", "manifest", "tag", "")}
for one in sorted(wanted - set(their_kinds)):
    bad.append(f"docker-registry did not send {one}")
for one in sorted(set(their_kinds) | set(our_kinds)):
    a, b = their_kinds.get(one, []), our_kinds.get(one, [])
    if len(a) != len(b):
        bad.append(f"{one}: {len(a)} of theirs, {len(b)} of ours")
        continue
    for x, y in zip(a, b):
        if shape(x) != shape(y):
            bad.append(f"{one}: {json.dumps(shape(x))}\n  is not {json.dumps(shape(y))}")
    # Values that do not depend on who serves.
    same = lambda e: (e["action"], {k: v for k, v in e["target"].items() if k != "url"},
                      re.sub(r"//[^/]*", "//", e["target"].get("url", "")), e["actor"],
                      e["request"]["method"], e["request"]["useragent"])
    if sorted(map(repr, map(same, a))) != sorted(map(repr, map(same, b))):
        bad.append(f"{one}: values differ: {[same(e) for e in a]}\n  {[same(e) for e in b]}")
    print(one, len(a))
for event in theirs + ours:
    for pattern, text in ((r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", event["id"]),
                          (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", event["timestamp"]),
                          (r"127\.0\.0\.1:\d+", event["request"]["addr"]), (r".+:\d+", event["source"]["addr"]),
                          (r"127\.0\.0\.1:\d+", event["request"]["host"])):
        if not re.fullmatch(pattern, text):
            bad.append(f"{text} is not {pattern}")
print("\n".join(bad))
sys.exit(bool(bad))
PY
check "the notifications are the same, field by field" python3 "$TMP/compare.py" "$TMP/hooks"
signed() {
  python3 - "$TMP/hooks/ours.jsonl" <<'PY'
import hashlib, hmac, json, sys
for line in map(json.loads, open(sys.argv[1])):
    assert line["headers"]["x-skerry-signature-256"] == "sha256=" + hmac.new(b"hush", line["body"].encode(), hashlib.sha256).hexdigest()
PY
}
check "each delivery is signed" signed

# --- durable: the receiver is dead, the daemon is killed
stop_receiver
id=$(hook late '')
for i in 1 2 3 4 5; do
  make_image "$TMP/late$i" "late$i" 1000
  skopeo copy -q --dest-tls-verify=false --dest-creds admin:e2e-password "oci:$TMP/late$i:v1" "docker://$HOSTPORT/demo/late:v$i"
done
pending() { [ "$(api GET "/projects/demo/webhooks/$id" | jq .pending)" = "$1" ]; }
check "five events wait for a dead receiver" pending 5
failing() { api GET "/projects/demo/webhooks/$id" | jq -e '.failing_since != null and .last_delivery.error != ""'; }
check "which says that it fails" wait_until 10 failing
metric() { # name: above zero
  curl -fsS "$BASE/metrics" | grep -E "^$1 [1-9]"
}
check "which the metrics say, too" metric skerry_registry_webhooks_failing
check "with what waits" metric skerry_registry_webhook_events_waiting
kill_skerry
start_skerry
check "they wait after kill -9" pending 5
start_receiver
in_order() {
  [ "$(jq -r '.envelope.events[0].target.tag' "$TMP/hooks/late.jsonl" | awk '!seen[$0]++' | tr '\n' ' ')" = "v1 v2 v3 v4 v5 " ]
}
check "and arrive when it is back" wait_until 30 has late 5
check "in order" in_order
check "nothing waits any more" wait_until 10 pending 0
finish
