#!/usr/bin/env python3
"""The registry's speed beside its peers', in one run.

  tests/bench/registry_bench.py [--skerry PATH] [--size-mib N] [--rounds N]

Beside Skerry stand Debian's docker-registry (2.8.2), the Distribution project's
registry 3, nginx that serves the same file, and a loop that only hashes and
writes (hash_and_write.cc). A peer that is not to be had is named. All run on
loopback with a fresh data folder each round, in turns; every registry checks a
token in each request and writes durably as it comes. Medians of the rounds are
printed as a table for docs/performance.md, then the goals. registry_load.cc
makes the load. Exits 1 when a request failed.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from registry_phases import CLIENTS_AT_ONCE, Phases, machine_busy
from registry_servers import ROOT, Context, Nginx, Skerry, registries

LOOP = "bare loop"
# What others may take of the processors before the figures are doubtful.
QUIET = 0.05

# kind of bound, row, bound, what it is compared with; "others" are the
# registries but docker-registry 2.8.2, by the faster of them.
OLD = "docker-registry 2.8.2"
GOALS = [
    ("at least", "push, MB/s", 3.0, OLD),
    ("at least", "push, MB/s", 1.6, "others"),
    ("at most", "push, processor s/GB", 1.4, ""),
    ("at least", "push in 16 MiB chunks, MB/s", 2.0, OLD),
    ("at least", "4 KiB blobs, 8 clients, per s", 15, OLD),
    ("at least", "4 KiB blobs, 8 clients, per s", 8, "others"),
    ("at least", "manifest PUT, 8 clients, per s", 15, OLD),
    ("at least", "manifest PUT, 8 clients, per s", 8, "others"),
    ("at least", "manifest GET by tag, 16 clients, per s", 25, OLD),
    ("at least", "manifest GET by tag, 16 clients, per s", 4, "others"),
    ("at most", "manifest GET by tag, p99 ms", 4, ""),
    ("at least", "blob HEAD, 16 clients, per s", 25, OLD),
    ("at least", "blob HEAD, 16 clients, per s", 4, "others"),
    ("at most", "blob HEAD, p99 ms", 4, ""),
    ("at least", "4 pulls at once, MB/s", 0.9, Nginx.name),
    ("at most", "4 pulls at once, processor s/GB", 0.4, OLD),
    ("at least", "4 pulls over TLS, MB/s", 1.5, OLD),
    ("at least", "4 pulls over TLS, MB/s", 1.5, "others"),
    ("at most", f"{CLIENTS_AT_ONCE} clients push, peak memory, MiB", 40, ""),
]


def build(folder, name, *libraries):
    program = folder / name
    subprocess.check_call(
        ["g++", "-O2", "-std=c++20", "-o", program,
         ROOT / f"tests/bench/{name}.cc", *libraries, "-lcrypto", "-lpthread"])
    return program


def wait_for_quiet(seconds):
    """Others' share of the processors, once it is small or time is up."""
    end = time.monotonic() + seconds
    while True:
        before, begin = machine_busy(), time.monotonic()
        time.sleep(2)
        share = ((machine_busy() - before) / (time.monotonic() - begin) /
                 os.cpu_count())
        if share < QUIET or time.monotonic() > end:
            return share
        time.sleep(3)


class Bench:
    def __init__(self, options, scratch, blob):
        self.options, self.scratch = options, scratch
        self.phases = Phases(build(scratch, "registry_load", "-lssl"),
                             build(scratch, "hash_and_write"), blob,
                             options.size_mib << 20)
        self.context = Context(scratch, options.skerry)
        self.kinds, self.absent = registries(self.context)
        self.nginx = not Nginx.available(self.context)
        if not self.nginx:
            self.absent[Nginx.name] = Nginx.available(self.context)
        self.certificate = self.make_certificate()

    def make_certificate(self):
        server = Skerry(self.scratch / "certificate", self.context)
        server.start(tls=True)
        server.stop()
        return server.certificate()

    def columns(self):
        names = [kind.name for kind in self.kinds]
        return names + ([Nginx.name] if self.nginx else []) + [LOOP]

    def round(self, number):
        for index, kind in enumerate(self.kinds):
            server = kind(self.scratch / f"{index}-{number}", self.context)
            try:
                self.measure(server)
            finally:
                server.stop()
                server.free_disk()
        if self.nginx:
            server = Nginx(self.scratch / f"nginx-{number}", self.context)
            try:
                self.measure_nginx(server)
            finally:
                server.stop()
                server.free_disk()
        self.phases.bare_loop(LOOP, self.scratch / f"loop-{number}")

    def measure(self, server):
        phases = self.phases
        server.start()
        server.prepare()
        server.stop()
        phases.note("start to the first answer, ms", server.name,
                    server.start())
        time.sleep(1)
        phases.note("idle memory, MiB", server.name,
                    server.memory_mib("VmRSS"))
        phases.push(server, "push", 0)
        path = phases.push(server, "push in 16 MiB chunks", 16 << 20)
        phases.pull(server, "4 pulls at once", path)
        config = phases.write_small(server, self.options.small)
        phases.read_small(server, config, self.options.seconds)
        phases.push_at_once(server)
        server.stop()
        server.start(tls=self.certificate)
        phases.pull(server, "4 pulls over TLS", path)

    def measure_nginx(self, server):
        phases = self.phases
        server.start()
        path = f"/v2/bench/load/blobs/{phases.new_blob()}"
        phases.settle()
        server.hold(path, phases.blob)
        phases.pull(server, "4 pulls at once", path)
        server.stop()
        server.start(tls=self.certificate)
        phases.pull(server, "4 pulls over TLS", path)

    def table(self):
        columns = self.columns()
        print("| | " + " | ".join(columns) + " |")
        print("| --- " * (len(columns) + 1) + "|")
        for row in self.phases.results:
            values = [self.phases.median(row, column) for column in columns]
            print(f"| {row} | " + " | ".join(map(shown, values)) + " |")

    def goals(self):
        missed = 0
        for kind, row, bound, against in GOALS:
            ours = self.phases.median(row, Skerry.name)
            name, theirs = self.best(row, against)
            if ours is None or (against and theirs is None):
                print(f"not compared  {row}: {against} is absent")
                continue
            value = ours / theirs if against else ours
            met = value >= bound if kind == "at least" else value <= bound
            missed += not met
            what = f"{value:.2f} times {name}" if against else shown(value)
            print(f"{'met ' if met else 'MISS'}  {row}: {what}"
                  f" (goal: {kind} {bound:g})")
        print(f"{missed} of {len(GOALS)} goals missed")

    def best(self, row, against):
        """The column that `against` stands for, and its figure."""
        if against != "others":
            return against, self.phases.median(row, against)
        names = [kind.name for kind in self.kinds
                 if kind.name not in (Skerry.name, OLD)]
        found = [(self.phases.median(row, name), name) for name in names]
        found = [one for one in found if one[0] is not None]
        value, name = max(found, default=(None, ""))
        return name, value


def shown(value):
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def run(options, scratch, blob):
    size = options.size_mib << 20
    with open(blob, "wb") as file:
        for _ in range(options.size_mib):
            file.write(os.urandom(1 << 20))
    begin = time.monotonic()
    bench = Bench(options, scratch, blob)
    others = wait_for_quiet(options.wait)
    if others >= QUIET:
        print(f"not quiet: others take {others:.0%} of the processors")
    for number in range(options.rounds):
        bench.round(number)
    print(f"medians of {options.rounds} rounds, a blob of {size >> 20} MiB, "
          f"{os.cpu_count()} processors, {time.monotonic() - begin:.0f} s; "
          f"while measured, others took {bench.phases.noise():.0%} of them\n")
    bench.table()
    print()
    for name, why in bench.absent.items():
        print(f"absent: {name}: {why}")
    bench.goals()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--skerry", default=ROOT / "build/release/skerry")
    parser.add_argument("--size-mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", type=int, default=1000,
                        help="how many small blobs and manifests")
    parser.add_argument("--seconds", type=int, default=3,
                        help="how long manifests and blobs are asked for")
    parser.add_argument("--wait", type=int, default=60,
                        help="seconds to wait for a quiet machine")
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="registry-bench-"))
    # The blob lies in memory: the client's disk is not what is measured.
    handle, blob = tempfile.mkstemp(prefix="registry-bench-", dir="/dev/shm")
    os.close(handle)
    try:
        run(options, scratch, pathlib.Path(blob))
    except RuntimeError as error:
        sys.exit(f"registry_bench: {error}")
    finally:
        os.unlink(blob)
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
