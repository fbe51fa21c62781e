#!/usr/bin/env bash
# The chart repository as helm and the ChartMuseum clients use it.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

HELM=${HELM:-$(command -v helm || echo "$("$ROOT/tests/tools/helm.sh")/helm")}
export HELM_REGISTRY_CONFIG=$TMP/helm.json HELM_CACHE_HOME=$TMP/helm-cache
export HELM_CONFIG_HOME=$TMP/helm-config HELM_DATA_HOME=$TMP/helm-data
start_skerry
project demo
member dev demo developer
MUSEUM=/api/charts/demo/charts

chart() { # VERSION [TEXT]: the path of a package of chart hello
  local folder=$TMP/src/$1-${2:-plain}
  mkdir -p "$folder/hello/templates" "$folder/out"
  printf 'apiVersion: v2\nname: hello\nversion: %s\n' "$1" >"$folder/hello/Chart.yaml"
  printf 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: %s}\n' "${2:-plain}" \
    >"$folder/hello/templates/map.yaml"
  "$HELM" package "$folder/hello" -d "$folder/out" >/dev/null
  echo "$folder/out/hello-$1.tgz"
}
as_dev() { curl -sS -u dev:user-password "$@"; }
code() { as_dev -o "$TMP/body" -w '%{http_code}' "$@"; }
answers() { # CODE curl-arguments...
  local got
  got=$(code "${@:2}")
  echo "status $got: $(cat "$TMP/body")"
  [ "$got" = "$1" ]
}
listed() { # VERSION, in what helm sees
  "$HELM" repo update >/dev/null
  "$HELM" search repo skerry/hello --versions -o json |
    jq -e --arg v "$1" 'any(.[]; .version == $v)'
}
not_listed() { ! listed "$1"; }

one=$(chart 1.0.0)
two=$(chart 1.1.0)
check "an empty repository can be added" \
  "$HELM" repo add skerry "$BASE/charts/demo" --username dev \
  --password user-password --pass-credentials
check "a raw upload is stored" answers 201 --data-binary "@$one" "$BASE$MUSEUM"
check "a form upload is stored" answers 201 -F "chart=@$two" "$BASE$MUSEUM"
check "helm finds the first" listed 1.0.0
check "helm finds the second" listed 1.1.0
check "helm pulls" "$HELM" pull skerry/hello --version 1.0.0 -d "$TMP"
check "the chart is the same bytes" cmp "$one" "$TMP/hello-1.0.0.tgz"
check "helm renders from the repository" \
  "$HELM" template x skerry/hello --version '^1.0'
check "helm pulls what HTTP published through OCI" bash -c "
  '$HELM' registry login --plain-http -u dev -p user-password '$HOSTPORT' &&
  mkdir '$TMP/oci' &&
  '$HELM' pull --plain-http 'oci://$HOSTPORT/demo/charts/hello' \
    --version 1.1.0 -d '$TMP/oci' &&
  cmp '$two' '$TMP/oci/hello-1.1.0.tgz'"

changed=$(chart 1.0.0 changed)
check "another chart of the same version is refused" \
  answers 409 --data-binary "@$changed" "$BASE$MUSEUM"
check "force replaces it" \
  answers 201 --data-binary "@$changed" "$BASE$MUSEUM?force"
check "the new bytes are served" bash -c \
  "curl -sS -u dev:user-password '$BASE/charts/demo/hello-1.0.0.tgz' | cmp - '$changed'"

etag=$(as_dev -D - -o /dev/null "$BASE/charts/demo/index.yaml" |
  tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
check "the index has an ETag" test -n "$etag"
check "an unchanged index is 304" \
  answers 304 -H "If-None-Match: $etag" "$BASE/charts/demo/index.yaml"

third=$(chart 2.0.0)
check "helm pushes by OCI" "$HELM" push --plain-http "$third" \
  "oci://$HOSTPORT/demo/charts"
check "the index lists what OCI pushed" wait_until 20 listed 2.0.0
check "a changed index has another ETag" \
  answers 200 -H "If-None-Match: $etag" "$BASE/charts/demo/index.yaml"

echo 'not a chart' >"$TMP/bad.tgz"
check "what is no archive is refused" \
  answers 400 --data-binary "@$TMP/bad.tgz" "$BASE$MUSEUM"
mkdir -p "$TMP/evil/hello"
printf 'apiVersion: v2\nname: ../hello\nversion: 1.0.0\n' >"$TMP/evil/hello/Chart.yaml"
tar -C "$TMP/evil" -czf "$TMP/evil.tgz" hello
check "a name that leaves the repository is refused" \
  answers 400 --data-binary "@$TMP/evil.tgz" "$BASE$MUSEUM"
printf 'apiVersion: v2\nname: hello\nversion: one\n' >"$TMP/evil/hello/Chart.yaml"
tar -C "$TMP/evil" -czf "$TMP/evil.tgz" hello
check "a version that is no SemVer is refused" \
  answers 400 --data-binary "@$TMP/evil.tgz" "$BASE$MUSEUM"
check "a stranger reads nothing" test "$(curl -sS -o /dev/null \
  -w '%{http_code}' "$BASE/charts/demo/index.yaml")" = 401

restart_skerry
check "a restart keeps the charts" listed 1.1.0
check "a developer does not delete" \
  answers 403 -X DELETE "$BASE$MUSEUM/hello/1.1.0"
check "the admin deletes" test "$(curl -sS -u "admin:$ADMIN_PASSWORD" -o /dev/null \
  -w '%{http_code}' -X DELETE "$BASE$MUSEUM/hello/1.1.0")" = 200
check "a deleted version is not listed" not_listed 1.1.0
check "a deleted version is not served" \
  answers 404 "$BASE/charts/demo/hello-1.1.0.tgz"
finish
