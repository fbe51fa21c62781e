#!/usr/bin/env python3
"""The registry's speed beside Debian's docker-registry, in one run.

  tests/bench/registry_bench.py [--skerry PATH] [--size-mib N] [--rounds N]

Both servers run on loopback with a fresh data folder each, in turns; the
median of the rounds is printed, with the server's processor time where that
tells more. Skerry runs with authentication on and durable writes; Debian's
docker-registry (2.8.2) without authentication. Exits 1 when a request failed.
"""
import argparse
import base64
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "bench-password"
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def build_load(folder):
    program = folder / "registry_load"
    subprocess.check_call(
        ["g++", "-O2", "-std=c++20", "-o", program,
         ROOT / "tests/bench/registry_load.cc", "-lcrypto", "-lpthread"])
    return program


class Server:
    """A registry process; `repo` is where the bench may push."""

    def __init__(self, name, folder):
        self.name, self.folder, self.port = name, folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True)

    def start(self, command, environment=None):
        begin = time.monotonic()
        self.process = subprocess.Popen(
            command, env=dict(os.environ, **(environment or {})),
            stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "log", "wb"))
        while time.monotonic() < begin + 30:
            try:
                urllib.request.urlopen(self.base + "/v2/", timeout=5)
                break
            except urllib.error.HTTPError:
                break  # 401 is an answer
            except OSError:
                time.sleep(0.002)
        else:
            sys.exit(f"{self.name} did not start; see {self.folder}/log")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read()
        fields = fields[fields.rindex(")") + 2:].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_mib(self, key):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
        return 0


class Skerry(Server):
    def __init__(self, program, folder):
        super().__init__("skerry", folder)
        self.repo = "bench/load"
        self.start([program, "serve", "--data", folder / "data",
                    "--listen", self.base],
                   {"SKERRY_ADMIN_PASSWORD": PASSWORD})
        self.basic = "Basic " + base64.b64encode(
            f"admin:{PASSWORD}".encode()).decode()
        self.call("POST", "/api/v1/projects", {"name": "bench"})

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": self.basic,
                     "Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def auth(self):
        query = urllib.parse.urlencode(
            {"service": "skerry", "scope": f"repository:{self.repo}:pull,push"})
        return "Bearer " + self.call("GET", "/v2/token?" + query)["token"]


class DockerRegistry(Server):
    def __init__(self, folder):
        super().__init__("docker-registry", folder)
        self.repo = "bench/load"
        config = folder / "config.yml"
        config.write_text(
            "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
            f"storage: {{filesystem: {{rootdirectory: {folder}/data}}}}\n"
            f"http: {{addr: '127.0.0.1:{self.port}'}}\n")
        self.start(["docker-registry", "serve", config])

    def auth(self):
        return ""


class Bench:
    def __init__(self, load, blob, size):
        self.load, self.blob, self.size = load, blob, size
        self.results = {}

    def run(self, server, *arguments):
        mode, rest = arguments[0], [str(a) for a in arguments[1:]]
        cpu = server.cpu()
        done = subprocess.run(
            [self.load, mode, str(server.port), server.auth(), *rest],
            capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            sys.exit(f"{server.name} {mode}: {done.stderr}")
        seconds, count, p50, p99 = map(float, done.stdout.split())
        return {"seconds": seconds, "count": count, "p50": p50, "p99": p99,
                "cpu": server.cpu() - cpu}

    def note(self, server, line, value):
        self.results.setdefault(line, {}).setdefault(server.name, []).append(
            value)

    def new_blob(self, nonce):
        """Changes the blob, so that no registry knows it already."""
        with open(self.blob, "r+b") as file:
            file.write(nonce.to_bytes(8, "little"))
        with open(self.blob, "rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()

    def measure(self, server, nonce):
        note, repo, gb = self.note, server.repo, self.size / 1e9
        note(server, "idle memory, MiB", server.memory_mib("VmRSS"))
        for title, chunk in (("push", 0), ("push in 16 MiB chunks", 16 << 20)):
            digest = self.new_blob(2 * nonce + (chunk != 0))
            os.sync()
            got = self.run(server, "push", repo, self.blob, digest, chunk)
            note(server, f"{title}, MB/s", gb * 1e3 / got["seconds"])
            note(server, f"{title}, cpu s/GB", got["cpu"] / gb)
        got = self.run(server, "pull", f"/v2/{repo}/blobs/{digest}", self.size,
                       4)
        note(server, "4 pulls at once, MB/s", 4e3 * gb / got["seconds"])
        note(server, "4 pulls at once, cpu s/GB", got["cpu"] / gb / 4)
        os.sync()
        got = self.run(server, "small", repo, 1000, 8, nonce)
        note(server, "4 KiB blobs, 8 clients, per s",
             got["count"] / got["seconds"])
        note(server, "4 KiB blobs, 8 clients, p99 ms", got["p99"])
        config = (f"{nonce}/0/".encode()).ljust(4096, b"x")
        config = "sha256:" + hashlib.sha256(config).hexdigest()
        got = self.run(server, "tags", repo, 1000, 8, config)
        note(server, "manifest PUT, 8 clients, per s",
             got["count"] / got["seconds"])
        for title, method, path in (
                ("manifest GET by tag", "GET", f"/v2/{repo}/manifests/t0"),
                ("blob HEAD", "HEAD", f"/v2/{repo}/blobs/{config}")):
            got = self.run(server, "get", method, path, 3, 16)
            note(server, f"{title}, per s", got["count"] / got["seconds"])
            note(server, f"{title}, p99 ms", got["p99"])
        note(server, "peak memory, MiB", server.memory_mib("VmHWM"))

    def print(self, ours, theirs):
        print(f"{'':<36}{ours:>16}{theirs:>18}   ratio")
        for line, values in self.results.items():
            mine = statistics.median(values[ours])
            other = statistics.median(values.get(theirs, [0]))
            ratio = f"{mine / other:7.2f}" if other else "      -"
            print(f"{line:<36}{mine:>16.2f}{other:>18.2f} {ratio}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skerry", default=ROOT / "build/release/skerry")
    parser.add_argument("--size-mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="registry-bench-"))
    # The blob lies in memory: the client's disk is not what is measured.
    blob = pathlib.Path(tempfile.mkstemp(prefix="registry-bench-",
                                         dir="/dev/shm")[1])
    try:
        size = options.size_mib << 20
        with open(blob, "wb") as file:
            for _ in range(options.size_mib):
                file.write(os.urandom(1 << 20))
        bench = Bench(build_load(scratch), blob, size)
        makers = [lambda folder: Skerry(options.skerry, folder)]
        if shutil.which("docker-registry"):
            makers.append(DockerRegistry)
        else:
            print("docker-registry is not installed: no comparison")
        for number in range(options.rounds):
            for index, make in enumerate(makers):
                server = make(scratch / f"{index}-{number}")
                try:
                    bench.measure(server, number + 1)
                finally:
                    server.stop()
        bench.print("skerry", "docker-registry")
    finally:
        blob.unlink()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
