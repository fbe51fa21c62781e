#!/usr/bin/env bash
# Builds a Go program that the tests drive or measure against, once, and prints
# where it is. It is kept by version in a cache folder outside the checkout; its
# module comes from the module proxy.
#
#   tests/tools/go_tool.sh NAME [VERSION]   one of the table below
set -euo pipefail

name=${1:-}
build_flags=()
case $name in
  conformance) package=github.com/opencontainers/distribution-spec/conformance
    version=v0.0.0-20260831232431-97274622c111 ;;
  crane) package=github.com/google/go-containerregistry/cmd/crane
    version=v0.22.1 ;;
  oras) package=oras.land/oras/cmd/oras version=v1.3.6 ;;
  cosign) package=github.com/sigstore/cosign/v3/cmd/cosign version=v3.1.3 ;;
  # An S3 server that checks signatures and keeps objects in files.
  versitygw) package=github.com/versity/versitygw/cmd/versitygw
    version=v1.8.0 ;;
  # What tests/bench measures beside ours.
  registry) package=github.com/distribution/distribution/v3/cmd/registry
    version=v3.1.2 ;;
  *) echo "go_tool.sh: there is no tool '$name'" >&2; exit 2 ;;
esac
version=${2:-$version}

cache=${SKERRY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/skerry}
folder=$cache/go-$name-$version
if [ ! -x "$folder/$name" ]; then
  command -v go >/dev/null || {
    echo "$name is built from source with Go 1.24 or newer; install it first" >&2
    exit 1
  }
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/building-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  GOBIN=$work GOFLAGS=-mod=mod CGO_ENABLED=0 nice go install -trimpath \
    -ldflags '-s -w' "$package@$version" >&2
  mkdir -p "$folder"
  mv "$work/$name" "$folder/$name"
fi
echo "$folder/$name"
