#!/usr/bin/env python3
"""Garbage collection of 100,000 manifests, and what pushes feel of it.

  tests/bench/collection.py [PATH_OF_SKERRY] [MANIFESTS]

Pushes images of one layer of their own each, collects while all of them live,
then deletes them and collects again, for the space. Meanwhile an image is
pushed again and again; its slowest push is compared with the slowest of as
long a time without a collection. Exits 1 when a bound is missed.
"""
import base64
import hashlib
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKERRY = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/skerry")
MANIFESTS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
PASSWORD = "bench-password"
AUTH = {"Authorization": "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()}
KIND = "application/vnd.oci.image.manifest.v1+json"
CONFIG = b'{"architecture":"amd64","os":"linux"}'
WORKERS = 4
failed = 0


def report(name, value, unit, bound=None):
    global failed
    missed = bound is not None and value > bound
    failed += missed
    print(f"{'MISS' if missed else 'ok  '} {name:<58} {value:9.2f} {unit:<4}"
          + (f" (at most {bound:g})" if bound is not None else ""), flush=True)


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def send(self, method, path, body=None, kind="application/json"):
        self.connection.request(method, path, body=body, headers={**AUTH, "Content-Type": kind})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            raise SystemExit(f"{method} {path}: {reply.status} {text[:300]}")
        return text

    def push_blob(self, repository, data):
        self.send("POST", f"/v2/{repository}/blobs/uploads/?digest={digest_of(data)}", data,
                  "application/octet-stream")

    def push_image(self, repository, tag, layer):
        self.push_blob(repository, layer)
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": KIND,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json",
                       "digest": digest_of(CONFIG), "size": len(CONFIG)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar",
                        "digest": digest_of(layer), "size": len(layer)}]}).encode()
        self.send("PUT", f"/v2/{repository}/manifests/{tag}", manifest, KIND)


def fill(port, worker):
    client = Client(port)
    client.push_blob("demo/many", CONFIG)
    for number in range(worker, MANIFESTS, WORKERS):
        client.push_image("demo/many", f"t{number}", b"layer %d" % number)


def push_for_ever(port, stop, latencies):
    client = Client(port)
    client.push_blob("demo/steady", CONFIG)
    while not stop.is_set():
        layer = random.randbytes(2_000)
        begin = time.monotonic()
        client.push_image("demo/steady", "latest", layer)
        latencies.append(1000 * (time.monotonic() - begin))
        time.sleep(0.005)


def with_pushes(port, action):
    """Seconds of the action, and the pushes' milliseconds meanwhile."""
    stop, latencies = threading.Event(), []
    pusher = threading.Thread(target=push_for_ever, args=(port, stop, latencies))
    pusher.start()
    time.sleep(0.5)
    del latencies[:]
    begin = time.monotonic()
    action()
    seconds = time.monotonic() - begin
    stop.set()
    pusher.join()
    return seconds, sorted(latencies)


def collect(port, order):
    client = Client(port)
    run = json.loads(client.send("POST", "/api/v1/collections", json.dumps(order)))
    while True:
        state = json.loads(client.send("GET", f"/api/v1/collections/{run['id']}"))
        if state["finished"] is not None:
            assert not state["error"], state["error"]
            return state
        time.sleep(0.02)


def resident(pid, field):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    return 0


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(port, pid):
    client = Client(port)
    client.send("POST", "/api/v1/projects", json.dumps({"name": "demo"}))
    begin = time.monotonic()
    workers = [multiprocessing.Process(target=fill, args=(port, n)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode != 0:
            raise SystemExit("a worker failed")
    print(f"     {MANIFESTS} images pushed in {time.monotonic() - begin:.0f} s", flush=True)
    report("peak memory until then", resident(pid, "VmHWM"), "MiB")

    seconds, live = with_pushes(port, lambda: collect(port, {}))
    report("collection while all of them live", seconds, "s", 10)
    report("slowest push meanwhile", live[-1], "ms", 50)
    begin = time.monotonic()
    Client(port).send("DELETE", "/api/v1/projects/demo/images?repository=many")
    report("deletion of the repository", time.monotonic() - begin, "s")
    result = {}
    busy = processor_seconds(pid)
    seconds, pushes = with_pushes(port, lambda: result.update(collect(port, {"age_ms": 3000})))
    # The first run gives up the manifests; their blobs count as new from then.
    time.sleep(3.5)
    more, later = with_pushes(port, lambda: result.update(collect(port, {"age_ms": 3000})))
    report("collection of all of them", seconds + more, "s", 10)
    report("the daemon's processor time meanwhile", processor_seconds(pid) - busy, "s")
    report("slowest push meanwhile", max(pushes[-1], later[-1]), "ms", 50)
    _, quiet = with_pushes(port, lambda: time.sleep(seconds + more))
    report("slowest push as long without a collection", quiet[-1], "ms")
    report("median push with / without", sorted(pushes + later)[len(pushes + later) // 2], "ms")
    report("", quiet[len(quiet) // 2], "ms")
    report("peak memory of the daemon", resident(pid, "VmHWM"), "MiB")
    print(f"     {result['items']} items, {result['bytes']} bytes in the last run")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="skerry-bench-"))
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    daemon = subprocess.Popen(
        [SKERRY, "serve", "--data", str(folder / "data"), "--listen", f"http://127.0.0.1:{port}"],
        env=dict(os.environ, SKERRY_ADMIN_PASSWORD=PASSWORD, SKERRY_STORAGE_COLLECT_EVERY="0s"),
        stderr=open(folder / "log", "w"))
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        measure(port, daemon.pid)
    finally:
        daemon.terminate()
        daemon.wait()
        shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


main()
