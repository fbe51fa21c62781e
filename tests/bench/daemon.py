#!/usr/bin/env python3
"""How small and how quick the daemon is: the figures of docs/performance.md.

  tests/bench/daemon.py [PATH_OF_SKERRY]

Starts the real program on a fresh data folder on loopback, and prints one line
a figure: name, measured median, the bound it is held to. Exits 1 when a bound
is missed.
"""
import base64
import http.client
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
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKERRY = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                      ROOT / "build/release/skerry")
PASSWORD = "bench-password"
failed = 0


def report(name, value, unit, bound):
    global failed
    ok = value <= bound
    failed += not ok
    print(f"{'ok  ' if ok else 'MISS'} {name:<58} {value:9.2f} {unit:<4}"
          f" (at most {bound:g})", flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    def __init__(self, data):
        self.data = data
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        """Starts it; seconds until /readyz answers 200."""
        environment = dict(os.environ, SKERRY_ADMIN_PASSWORD=PASSWORD,
                           SKERRY_CD_DIRECTORY_ROOTS=str(self.data.parent))
        log = open(self.data.parent / "skerry.log", "ab")
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [SKERRY, "serve", "--data", self.data, "--listen", self.base],
            stderr=log, stdout=log, env=environment)
        while True:
            try:
                c = http.client.HTTPConnection("127.0.0.1", self.port)
                c.request("GET", "/readyz")
                if c.getresponse().status == 200:
                    return time.monotonic() - begin
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit("the daemon did not start; see its log")
            time.sleep(0.001)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def resident_mb(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024

    def call(self, method, path, body=None, content_type="application/json"):
        data = body if isinstance(body, bytes) else (
            json.dumps(body).encode() if body is not None else None)
        request = urllib.request.Request(
            self.base + "/api/v1" + path, data, method=method)
        token = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        request.add_header("Authorization", "Basic " + token)
        if data is not None:
            request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text.startswith((b"{", b"[")) else text


def open_stream(daemon, path):
    c = http.client.HTTPConnection("127.0.0.1", daemon.port)
    token = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    c.request("GET", path, headers={"Authorization": "Basic " + token})
    return c, c.getresponse()


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=b", "-c", "user.email=b@localhost",
                    *arguments], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


JENKINSFILE = """pipeline {
  agent any
  stages {
    stage('Build') { steps { sh 'echo built > app' } }
    stage('Image') { steps { buildImage image: 'hello' } }
    stage('Chart') { steps { publishChart path: 'chart', image: env.IMAGE } }
  }
}
"""
FILES = {
    "Jenkinsfile": JENKINSFILE,
    "Dockerfile": 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n',
    "chart/Chart.yaml": "apiVersion: v2\nname: hello\nversion: 0.1.0\n",
    "chart/values.yaml":
        "image:\n  repository: x\n  tag: x\n  digest: ''\n",
    "chart/templates/config.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name"
        " }}\ndata:\n  image: {{ .Values.image.repository }}@"
        "{{ .Values.image.digest }}\n",
}


def application(name, target, source):
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
            "metadata": {"name": name},
            "spec": {"project": "demo", "source": source,
                     "destination": {"server": "directory://" + str(target),
                                     "namespace": "default"},
                     "syncPolicy": {"automated": {"prune": True,
                                                  "selfHeal": True}}}}


def measure_push(daemon, scratch):
    """Push to first log line, and push to the application's being synced."""
    daemon.call("POST", "/projects", {"name": "demo"})
    daemon.call("POST", "/projects/demo/repos", {"name": "hello"})
    target = scratch / "target"
    target.mkdir()
    daemon.call("POST", "/projects/demo/applications", application(
        "hello", target, {"repoURL": f"{daemon.base}/charts/demo",
                          "chart": "hello", "targetRevision": "*"}))
    work = scratch / "work"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    for name, text in FILES.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    remote = (f"http://admin:{PASSWORD}@127.0.0.1:{daemon.port}"
              "/git/demo/hello.git")
    git(work, "remote", "add", "origin", remote)
    first_line, whole = [], []
    for number in range(1, 8):
        (work / "round").write_text(str(number))
        # A new version each time, as a pipeline would give it.
        chart = f"apiVersion: v2\nname: hello\nversion: 0.1.{number}\n"
        (work / "chart/Chart.yaml").write_text(chart)
        git(work, "add", "-A")
        git(work, "commit", "-qm", f"round {number}")
        git(work, "push", "-q", "origin", "main")
        begin = time.monotonic()
        run = f"/projects/demo/repos/hello/runs/{number}"
        while True:
            try:
                if daemon.call("GET", run + "/log"):
                    break
            except urllib.error.HTTPError:
                pass
            assert time.monotonic() - begin < 30, "no log"
            time.sleep(0.001)
        first_line.append(time.monotonic() - begin)
        wanted = f"0.1.{number}"
        while True:
            status = daemon.call(
                "GET", "/projects/demo/applications/hello")["status"]
            if status["revision"].startswith(wanted) and (
                    status["sync"] == "Synced"):
                break
            if time.monotonic() - begin > 30:
                sys.exit(f"not synced: {status}, "
                         f"{daemon.call('GET', run)}")
            time.sleep(0.002)
        whole.append(time.monotonic() - begin)
    report("end of git push to the first line of the log",
           statistics.median(first_line) * 1000, "ms", 50)
    report("end of git push to synced (image, chart, render, target)",
           statistics.median(whole) * 1000, "ms", 1000)


def main():
    size = SKERRY.stat().st_size / 1e6
    report("size of the program", size, "MB", 20)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="skerry-bench-"))
    daemon = Daemon(scratch / "data")
    try:
        daemon.start()
        daemon.stop()
        starts = []
        for _ in range(7):
            starts.append(daemon.start())
            daemon.stop()
        report("start to /readyz on an existing data folder",
               statistics.median(starts) * 1000, "ms", 100)
        daemon.start()
        daemon.call("GET", "/health")
        time.sleep(3)
        idle = daemon.resident_mb()
        report("idle resident memory", idle, "MB", 25)
        streams = [open_stream(daemon, "/api/v1/events") for _ in range(100)]
        time.sleep(3)
        report("100 idle event streams, more than idle",
               daemon.resident_mb() - idle, "MB", 10)
        for connection, _ in streams:
            connection.close()
        measure_push(daemon, scratch)
        daemon.stop()
    finally:
        if daemon.process and daemon.process.poll() is None:
            daemon.process.kill()
        shutil.rmtree(scratch)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
