#!/usr/bin/env bash
# The OCI distribution conformance suite against the daemon, with every switch
# for APIs and data on: "stable" must pass whole, with authentication, sha256 and
# sha512; of "dev" (the specification's main branch) only the report is kept, in
# build/test-logs/oci-conformance-dev.
. "$(dirname "$0")/../e2e/lib.sh"

suite=$("$ROOT/tests/tools/go_tool.sh" conformance)
export SKERRY_REGISTRY_ABSENT_PARTS=all
start_skerry
project conformance

run_suite() { # version results
  OCI_API_BLOBS_DIGEST_HEADER=true OCI_API_BLOBS_UPLOAD_CANCEL=true \
    OCI_API_MANIFESTS_DIGEST_HEADER=true OCI_API_MANIFESTS_TAG_PARAM=true \
    OCI_DATA_SPARSE=true \
    OCI_REGISTRY=$HOSTPORT OCI_TLS=disabled OCI_VERSION=$1 OCI_RESULTS_DIR=$2 \
    OCI_REPO1=conformance/one OCI_REPO2=conformance/two \
    OCI_USERNAME=admin OCI_PASSWORD=$ADMIN_PASSWORD "$suite"
}
figure() { # results name; what is 0 is not in the report
  local count
  count=$(sed -nE "s/.*<testsuites .*$2=\"([0-9]+)\".*/\1/p" "$1/junit.xml" | head -n 1)
  echo "${count:-0}"
}

results=$ROOT/build/test-logs
mkdir -p "$results"
check "the suite passes at OCI_VERSION=stable" \
  run_suite stable "$results/oci-conformance-stable"
run_suite dev "$results/oci-conformance-dev" >"$TMP/dev.out" 2>&1 || true
check "the suite runs at OCI_VERSION=dev" \
  test -s "$results/oci-conformance-dev/junit.xml"
for version in stable dev; do
  echo "$version: $(figure "$results/oci-conformance-$version" tests) tests," \
    "$(figure "$results/oci-conformance-$version" failures) failed," \
    "$(figure "$results/oci-conformance-$version" skipped) skipped"
done
finish
