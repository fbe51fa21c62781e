#!/usr/bin/env python3
"""Checks that every include points down, as ARCHITECTURE.md says.

Floors: app -> modules -> core. A module includes core, its own files and
libraries. A folder of core includes only folders listed below it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORE = ROOT / "firmware-like" / "core"
# From the top down.
CORE_FOLDERS = ["boot", "s3", "auth", "http", "config", "jobs", "events",
                "tree", "store", "telemetry", "text", "os"]
MODULES = sorted(p.name for p in (ROOT / "modules").iterdir() if p.is_dir())
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)

faults = []
checked = 0


def includes_of(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def fault(path, included, why):
    faults.append(f"{path.relative_to(ROOT)} includes {included}: {why}")


def sources(folder):
    return [p for p in sorted(folder.rglob("*")) if p.suffix in (".h", ".cc")]


for path in sources(CORE):
    own = path.relative_to(CORE).parts[0]
    rank = CORE_FOLDERS.index(own) if own in CORE_FOLDERS else None
    for included in includes_of(path):
        checked += 1
        parts = included.split("/")
        if ".." in parts:
            fault(path, included, "relative paths go round the walls")
        elif parts[0] != "core":
            fault(path, included, "core includes core and libraries only")
        elif parts[1] in CORE_FOLDERS:
            if rank is None or CORE_FOLDERS.index(parts[1]) < rank:
                fault(path, included, f"{own} lies below {parts[1]}")

for module in MODULES:
    for path in sources(ROOT / "modules" / module):
        for included in includes_of(path):
            checked += 1
            first = included.split("/")[0]
            if ".." in included.split("/"):
                fault(path, included, "relative paths go round the walls")
            elif first in MODULES and first != module and not (
                    ROOT / "modules" / module / included).exists():
                fault(path, included, "modules do not know each other")
            elif first in ("app", "web"):
                fault(path, included, "modules lie below the app")

for line in faults:
    print("not ok -", line)
print(f"{checked} includes checked")
print(f"{0 if faults else 1} passed, {len(faults)} failed")
sys.exit(1 if faults or checked == 0 else 0)
