#!/usr/bin/env bash
# Builds the OCI distribution conformance suite, once, and prints where it is.
# It is a Go program (1.24 or newer) and kept in a cache folder outside the
# checkout.
set -euo pipefail

version=v0.0.0-20260831232431-97274622c111
folder=${SKERRY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/skerry}/oci-conformance-$version
if [ ! -x "$folder/conformance" ]; then
  command -v go >/dev/null || {
    echo "the conformance suite needs Go 1.24 or newer; install it first" >&2
    exit 1
  }
  mkdir -p "$folder"
  GOBIN=$folder GOFLAGS=-mod=mod \
    go install "github.com/opencontainers/distribution-spec/conformance@$version" >&2
fi
echo "$folder/conformance"
