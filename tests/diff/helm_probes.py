#!/usr/bin/env python3
"""Compares `skerry template` with what Helm 4.1.4 printed for the probes.

    tests/diff/helm_probes.py          SKERRY names the program

probes/struct/ holds charts and, in index.tsv, the flags of each case with its
exit code; what Helm printed is in probes/struct/expected/. Each line of
probes/errors.tsv is a template that stands in the chart probes/base, each of
caps.tsv and files.tsv a template and its result. Complaints about different
members of one map come in random order from Helm, so lines are compared in
order of their text where there are several.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
probes = os.path.join(here, "probes")
skerry = os.path.abspath(os.environ.get(
    "SKERRY", os.path.join(here, "../../build/release/skerry")))
flags = ["-n", "demo", "--kube-version", "1.31.0"]
# Results that are addresses or the machine's own.
left_out = ["%p", "{{ .Capabilities }}", "{{ .Files }}"]


def run(folder, chart, extra=()):
    done = subprocess.run([skerry, "template", "rel", chart, *flags, *extra],
                          cwd=folder, capture_output=True, timeout=120)
    return (done.returncode, done.stdout.decode("utf-8", "replace"),
            done.stderr.decode("utf-8", "replace"))


def text_of(path):
    with open(path, errors="replace", newline="") as file:
        return file.read().replace("$PROBES", probes)


def comparable(text):
    lines = text.split("\n")
    return sorted(lines) if any(l.startswith("- at ") for l in lines) else lines


def struct_cases():
    folder = os.path.join(probes, "struct")
    for line in text_of(os.path.join(folder, "index.tsv")).split("\n")[1:]:
        if not line or line.startswith("helmignore\t"):
            continue
        case, number, extra, code = line.split("\t")[:4]
        stem = os.path.join(folder, "expected", f"{case}.{number}.h4")
        want = (int(code), text_of(stem + ".out"), text_of(stem + ".err"))
        yield f"struct {case}.{number}", want, run(folder, case,
                                                   json.loads(extra))


def with_template(folder, text):
    chart = os.path.join(folder, "chart")
    shutil.copytree(os.path.join(probes, "base"), chart)
    with open(os.path.join(chart, "templates/p.yaml"), "w",
              newline="") as file:
        file.write(text)
    return run(folder, "chart")


def error_cases():
    with open(os.path.join(probes, "errors.tsv")) as file:
        rows = file.read().split("\n")[1:]
    for row in filter(None, rows):
        name, body, code, out, err = row.split("\t")[:5]
        try:
            want = (int(code), json.loads(out), json.loads(err))
        except ValueError:
            continue  # cut off when it was written down
        with tempfile.TemporaryDirectory() as folder:
            yield f"errors {name}", want, with_template(folder,
                                                        json.loads(body))


def group_cases(group):
    definitions, uses, wanted = "", "", {}
    with open(os.path.join(probes, group + ".tsv")) as file:
        rows = file.read().split("\n")[1:]
    for row in filter(None, rows):
        name, body, want = row.split("\t")[:3]
        body, want = json.loads(body), json.loads(want)
        if any(word in body for word in left_out):
            continue
        definitions += '{{- define "%s" }}%s{{ end }}\n' % (name, body)
        uses += '%s: {{ include "%s" . | b64enc }}\n' % (name, name)
        wanted[name] = want
    with tempfile.TemporaryDirectory() as folder:
        code, out, err = with_template(folder, definitions + uses)
    got = dict(re.findall(r"^(q\d+): (.*)$", out, re.M))
    for name, want in wanted.items():
        text = base64.b64decode(got.get(name, "Pz8=")).decode("utf-8",
                                                              "replace")
        yield f"{group} {name}", (0, want, ""), (code, text, err)


passed = failed = 0
for cases in (struct_cases(), error_cases(), group_cases("caps"),
              group_cases("files")):
    for name, want, got in cases:
        same = want[0] == got[0] and want[1] == got[1]
        if same and comparable(want[2]) == comparable(got[2]):
            passed += 1
            continue
        failed += 1
        print("FAIL:", name)
        for label, a, b in zip(("exit code", "output", "errors"), want, got):
            if a != b:
                print(f"  {label}: wanted {str(a)[:600]!r}")
                print(f"  {' ' * len(label)}  got    {str(b)[:600]!r}")
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0)
