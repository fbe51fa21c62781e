"""What registry_bench.py has each server do, and what of it is noted."""
import hashlib
import os
import resource
import statistics
import subprocess

from registry_servers import REPO, TICK

CLIENTS_AT_ONCE = 64


def machine_busy():
    """Processor seconds that all processes of the machine have used."""
    fields = list(map(int, open("/proc/stat").readline().split()[1:]))
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / TICK


def client_seconds():
    """Of this program and the load generators that have ended."""
    used = [resource.getrusage(who)
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def free_mib():
    with open("/proc/meminfo") as lines:
        for line in lines:
            if line.startswith("MemFree:"):
                return int(line.split()[1]) >> 10
    return 0


class Phases:
    def __init__(self, load, loop, blob, size):
        self.load, self.loop, self.blob, self.size = load, loop, blob, size
        self.results = {}  # row -> column -> values
        self.nonce = 0
        self.others, self.wall = 0.0, 0.0

    def note(self, row, column, value):
        self.results.setdefault(row, {}).setdefault(column, []).append(value)

    def median(self, row, column):
        values = self.results.get(row, {}).get(column)
        return statistics.median(values) if values else None

    def noise(self):
        """The share of the processors that processes of others took while
        servers were measured."""
        return self.others / self.wall / os.cpu_count() if self.wall else 0

    def run(self, server, mode, *arguments):
        cpu, busy, own = server.cpu(), machine_busy(), client_seconds()
        done = subprocess.run(
            [self.load, mode, server.address(), server.auth(),
             *map(str, arguments)], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(f"{server.name}, {mode}: {done.stderr.strip()}")
        seconds, count, p50, p99 = map(float, done.stdout.split())
        cpu = server.cpu() - cpu
        others = machine_busy() - busy - cpu - (client_seconds() - own)
        self.others += max(0.0, others)
        self.wall += seconds
        return {"seconds": seconds, "rate": count / seconds, "p50": p50,
                "p99": p99, "cpu": cpu}

    def new_blob(self):
        """Changes the blob, so that no registry knows it already."""
        self.nonce += 1
        with open(self.blob, "r+b") as file:
            file.write(self.nonce.to_bytes(8, "little"))
        with open(self.blob, "rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()

    def settle(self):
        """What was written before is not paid for by the next phase, nor is
        memory that the hypervisor took back: nobody knows which free pages come
        next, so most of them are touched."""
        os.sync()
        mib = max(self.size >> 20, free_mib() * 3 // 4)
        subprocess.run([self.load, "warm", str(mib)], check=True)

    def bare_loop(self, column, target):
        self.new_blob()
        self.settle()
        done = subprocess.run([self.loop, self.blob, target], check=True,
                              capture_output=True, text=True)
        seconds, cpu = map(float, done.stdout.split())
        self.note("push, MB/s", column, self.size / 1e6 / seconds)
        self.note("push, processor s/GB", column, cpu / self.size * 1e9)
        os.truncate(target, 0)

    def push(self, server, row, chunk):
        digest = self.new_blob()
        self.settle()
        got = self.run(server, "push", REPO, self.blob, digest, chunk)
        self.note(f"{row}, MB/s", server.name,
                  self.size / 1e6 / got["seconds"])
        self.note(f"{row}, processor s/GB", server.name,
                  got["cpu"] / self.size * 1e9)
        return f"/v2/{REPO}/blobs/{digest}"

    def pull(self, server, row, path):
        got = self.run(server, "pull", path, self.size, 4)
        self.note(f"{row}, MB/s", server.name,
                  4 * self.size / 1e6 / got["seconds"])
        self.note(f"{row}, processor s/GB", server.name,
                  got["cpu"] / self.size / 4 * 1e9)

    def write_small(self, server, count):
        """4 KiB blobs, then manifests that name one; its digest."""
        os.sync()
        got = self.run(server, "small", REPO, count, 8, self.nonce)
        self.note("4 KiB blobs, 8 clients, per s", server.name, got["rate"])
        self.note("4 KiB blobs, p99 ms", server.name, got["p99"])
        config = f"{self.nonce}/0/".encode().ljust(4096, b"x")
        config = "sha256:" + hashlib.sha256(config).hexdigest()
        got = self.run(server, "tags", REPO, count, 8, config)
        self.note("manifest PUT, 8 clients, per s", server.name, got["rate"])
        self.note("manifest PUT, p99 ms", server.name, got["p99"])
        return config

    def read_small(self, server, config, seconds):
        for row, method, path in (
                ("manifest GET by tag", "GET", f"/v2/{REPO}/manifests/t0"),
                ("blob HEAD", "HEAD", f"/v2/{REPO}/blobs/{config}")):
            got = self.run(server, "get", method, path, seconds, 16)
            self.note(f"{row}, 16 clients, per s", server.name, got["rate"])
            self.note(f"{row}, p50 ms", server.name, got["p50"])
            self.note(f"{row}, p99 ms", server.name, got["p99"])

    def push_at_once(self, server):
        self.new_blob()
        self.settle()
        server.forget_peak()
        part = min(8 << 20, self.size // CLIENTS_AT_ONCE)
        self.run(server, "many", REPO, self.blob, part, CLIENTS_AT_ONCE)
        self.note(f"{CLIENTS_AT_ONCE} clients push, peak memory, MiB",
                  server.name, server.memory_mib("VmHWM"))
