#!/usr/bin/env python3
"""Charts and kustomizations beside the real helm and kubectl, in one run.

  tests/bench/render_bench.py [--skerry PATH] [--rounds N] [CHART_FOLDER...]

Whole processes: median time and peak memory of `skerry template` and `helm
template` for a chart of `helm create`, for one with thirty of it as sub-charts,
and for each CHART_FOLDER; of `skerry kustomize` and `kubectl kustomize` for a
small overlay and for 500 to 4,000 resources. Inside of a process: the chart of
`helm create`, warm. Outputs are compared; a line says what is missed, and then
the exit code is 1.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
failed = 0


def measured(command, folder, rounds):
    """Median seconds, peak MiB and the output of the command."""
    times, peak, output = [], 0, b""
    for _ in range(rounds):
        with tempfile.TemporaryFile() as out:
            begin = time.monotonic()
            child = subprocess.Popen(command, cwd=folder, stdout=out, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            times.append(time.monotonic() - begin)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                raise SystemExit(f"{' '.join(map(str, command))} fails in {folder}")
            peak = max(peak, usage.ru_maxrss / 1024)
            out.seek(0)
            output = out.read()
    return statistics.median(times), peak, output


def compare(name, ours, theirs, folder, rounds, factor, their_rounds=None):
    """One line; what is asked for is `factor` in time, a third of the memory."""
    global failed
    our_time, our_peak, our_output = measured(ours, folder, rounds)
    their_time, their_peak, their_output = measured(theirs, folder, their_rounds or rounds)
    missed = []
    if our_output != their_output:
        missed.append("other output")
    if their_time < factor * our_time:
        missed.append(f"time ({factor} asked)")
    if our_peak * 3 > their_peak:
        missed.append("memory (3 asked)")
    failed += bool(missed)
    print(f"{'MISS' if missed else 'ok  '} {name:<34} {our_time * 1000:9.1f} ms {their_time * 1000:9.1f} ms"
          f" {their_time / our_time:6.1f}x {our_peak:7.1f} MiB {their_peak:7.1f} MiB"
          f" {their_peak / our_peak:5.1f}x {' and '.join(missed)}", flush=True)
    return our_time


def make_charts(helm, folder):
    subprocess.run([helm, "create", "web"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([helm, "create", "many"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for i in range(30):
        part = folder / "many/charts" / f"web{i}"
        shutil.copytree(folder / "web", part)
        chart = part / "Chart.yaml"
        chart.write_text(chart.read_text().replace("name: web", f"name: web{i}"))


def make_overlay(folder):
    (folder / "base").mkdir(parents=True)
    (folder / "over").mkdir()
    deployment = resource(0).split("---\n")[0]
    (folder / "base/web.yaml").write_text(deployment)
    (folder / "base/kustomization.yaml").write_text("resources: [web.yaml]\n")
    (folder / "over/kustomization.yaml").write_text(
        "resources: [../base]\nnamespace: live\nnamePrefix: my-\n"
        "images: [{name: web, newTag: '2'}]\n"
        "configMapGenerator: [{name: settings-0, literals: [a=b]}]\n"
        "patches:\n- patch: |-\n    - {op: add, path: /spec/replicas, value: 3}\n"
        "  target: {kind: Deployment}\n")


def resource(i):
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{i}
spec:
  selector: {{matchLabels: {{app: web-{i}}}}}
  template:
    metadata: {{labels: {{app: web-{i}}}}}
    spec:
      containers:
      - name: web
        image: web:1
        envFrom: [{{configMapRef: {{name: settings-{i}}}}}]
---
apiVersion: v1
kind: Service
metadata:
  name: web-{i}
spec:
  selector: {{app: web-{i}}}
  ports: [{{port: 80}}]
"""


def make_many(folder, count):
    """`count` resources: half Deployments, half Services, with references."""
    folder.mkdir()
    (folder / "all.yaml").write_text("---\n".join(resource(i) for i in range(count // 2)))
    (folder / "kustomization.yaml").write_text(
        "resources: [all.yaml]\nnamespace: live\nnamePrefix: my-\n"
        "labels: [{pairs: {team: blue}, includeSelectors: true}]\n"
        "images: [{name: web, newTag: '2'}]\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skerry", default=str(ROOT / "build/release/skerry"))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("charts", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    tools = pathlib.Path(subprocess.run([ROOT / "tests/tools/helm.sh"], check=True, text=True,
                                        stdout=subprocess.PIPE).stdout.strip())
    helm, kubectl, skerry = tools / "helm", tools / "kubectl", arguments.skerry
    with tempfile.TemporaryDirectory() as scratch:
        work = pathlib.Path(scratch)
        for name in ("CACHE", "CONFIG", "DATA"):
            os.environ[f"HELM_{name}_HOME"] = str(work / name.lower())
        os.environ["KUBECONFIG"] = str(work / "none")
        make_charts(helm, work)
        print(f"{'':<39} {'skerry':>12} {'peer':>12}")
        for name, chart in [("helm create", work / "web"), ("thirty sub-charts", work / "many"),
                            *((chart.name, chart.resolve()) for chart in arguments.charts)]:
            compare(f"chart: {name}", [skerry, "template", "rel", "."], [helm, "template", "rel", "."],
                    chart, arguments.rounds, 10)
        make_overlay(work / "small")
        compare("kustomize: small overlay", [skerry, "kustomize", "."], [kubectl, "kustomize", "."],
                work / "small/over", arguments.rounds, 10)
        for count in (500, 1000, 2000, 4000):
            make_many(work / str(count), count)
            compare(f"kustomize: {count} resources", [skerry, "kustomize", "."], [kubectl, "kustomize", "."],
                    work / str(count), 3, 20 if count == 4000 else 1, 1)
        subprocess.run([helm, "package", work / "web", "-d", work], check=True, stdout=subprocess.DEVNULL)
        bench = pathlib.Path(skerry).parent / "tests/bench/chart_render_bench"
        print("in process, helm create: ", end="", flush=True)
        inside = subprocess.run([bench, work / "web-0.1.0.tgz", "0.3"], check=False)
    return 1 if failed or inside.returncode else 0


sys.exit(main())
