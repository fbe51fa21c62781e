#!/usr/bin/env bash
# What Helm 4.1.4 printed for the probes, beside what Skerry prints.
exec python3 "$(dirname "$0")/helm_probes.py" "$@"
