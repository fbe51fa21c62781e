#!/usr/bin/env bash
# The chart commands against the server's own repository and registry: what they
# fetch and print is what helm fetches and prints.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

HELM=${HELM:-$(command -v helm || echo "$("$ROOT/tests/tools/helm.sh")/helm")}
export HELM_REGISTRY_CONFIG=$TMP/helm.json HELM_CACHE_HOME=$TMP/helm-cache
export HELM_CONFIG_HOME=$TMP/helm-config HELM_DATA_HOME=$TMP/helm-data
export GNUPGHOME=$TMP/gnupg
SKERRY=$(realpath "$SKERRY")
start_skerry
project demo
member dev demo developer
CHARTS=$BASE/charts/demo
OCI=oci://$HOSTPORT/demo/charts
LOGIN=(--username dev --password user-password)

mkdir -p "$TMP/src" && mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --pinentry-mode loopback --passphrase '' \
  --quick-generate-key "me <me@example.com>" ed25519 sign never 2>/dev/null
gpg --batch --quiet --armor --export-secret-keys me >"$TMP/keys.asc"
gpg --batch --quiet --export me >"$TMP/keys.pub"
for version in 1.0.0 1.1.0 2.0.0-rc.1; do
  (cd "$TMP/src" && rm -rf leaf && "$SKERRY" create leaf >/dev/null &&
    "$SKERRY" package leaf --version "$version" --sign --key me \
      --keyring "$TMP/keys.asc" >/dev/null)
done

same() { # arguments of both, in folders of their own
  local want=0 got=0
  for tool in want got; do rm -rf "$TMP/$tool" && cp -r "$TMP/app" "$TMP/$tool"; done
  (cd "$TMP/want" && "$HELM" "$@") >"$TMP/want.out" 2>"$TMP/want.err" || want=$?
  (cd "$TMP/got" && "$SKERRY" "$@") >"$TMP/got.out" 2>"$TMP/got.err" || got=$?
  cat "$TMP/got.err"
  [ "$want" = "$got" ] && [ "$want" = "${EXPECTED:-0}" ] &&
    diff "$TMP/want.out" "$TMP/got.out" &&
    { [ "$want" != 0 ] || diff "$TMP/want.err" "$TMP/got.err"; } &&
    diff -r -I '^generated:' "$TMP/want" "$TMP/got"
}
mkdir "$TMP/app"

check "helm logs in" "$HELM" registry login --plain-http -u dev \
  -p user-password "$HOSTPORT"
for file in "$TMP"/src/leaf-*.tgz; do
  check "helm pushes ${file##*/} with the provenance that we made" \
    "$HELM" push --plain-http "$file" "$OCI"
done
check "a chart is rendered from the repository" \
  same template x leaf --repo "$CHARTS" "${LOGIN[@]}"
check "an older version of it" \
  same template x leaf --repo "$CHARTS" "${LOGIN[@]}" --version '~1.0'
EXPECTED=1 check "a version that is not there is refused" \
  same show chart leaf --repo "$CHARTS" "${LOGIN[@]}" --version 9
check "a chart is rendered from the registry" \
  same template x "$OCI/leaf" --plain-http --version 1.0.0
check "the newest that is no pre-release" same show chart "$OCI/leaf" --plain-http
check "pre-releases, too" same show chart "$OCI/leaf" --plain-http --devel
EXPECTED=1 check "no version there is refused" \
  same show chart "$OCI/leaf" --plain-http --version '^3'
check "its provenance is verified" same template x "$OCI/leaf" --plain-http \
  --version 1.1.0 --verify --keyring "$TMP/keys.pub"

cat >"$TMP/app/Chart.yaml" <<YAML
apiVersion: v2
name: app
version: 1.0.0
dependencies:
- name: leaf
  version: ^1.0.0
  repository: $OCI
YAML
check "dependencies come from the registry" \
  same dependency update . --plain-http
"$HELM" repo add demo "$CHARTS" "${LOGIN[@]}" >/dev/null
sed -i "s|repository: .*|repository: '@demo'|" "$TMP/app/Chart.yaml"
check "and from a repository with a name and a password" \
  same dependency update .
cp "$TMP/got/Chart.lock" "$TMP/app/"
sed -i "s|repository: .*|repository: $CHARTS|" "$TMP/app/Chart.yaml"
check "the lock file brings them back" same dependency build .
check "a chart is found by the repository's name" \
  same template x demo/leaf --version 1.0.0
finish
