#!/usr/bin/env bash
# The page is served safely, asks who is there, and shows what is healthy.
. "$(dirname "$0")/lib.sh"
start_skerry
. "$(dirname "$0")/page_lib.bash"
project demo
repository demo hello

head_of() {
  rm -f "$TMP/body"
  curl -sk -D "$TMP/head" -o "$TMP/body" "$@"
}

policy() {
  head_of "$BASE/"
  grep -qi "^content-security-policy: default-src 'none'; script-src 'self'" "$TMP/head"
  grep -qi '^content-type: text/html; charset=utf-8' "$TMP/head"
  ! grep -qi 'unsafe-inline' "$TMP/head"
}
check "the page lets nothing run but its own files" policy

unchanged() {
  head_of "$BASE/"
  local tag
  tag=$(sed -nE 's/^[Ee][Tt]ag: (.*)\r$/\1/p' "$TMP/head")
  [ -n "$tag" ] && head_of -H "If-None-Match: $tag" "$BASE/runs"
  grep -q '^HTTP/1.1 304' "$TMP/head" && [ ! -s "$TMP/body" ]
}
check "an unchanged page is not sent again" unchanged

assets() {
  local script
  script=$(curl -sk "$BASE/" | grep -oE '/assets/[^"]*\.js' | head -n 1)
  head_of -H 'Accept-Encoding: gzip' "$BASE$script"
  grep -qi '^content-encoding: gzip' "$TMP/head"
  grep -qi '^cache-control: .*immutable' "$TMP/head"
  gunzip <"$TMP/body" >"$TMP/unpacked"
  head_of -H 'Accept-Encoding: gzip;q=0' "$BASE$script"
  ! grep -qi '^content-encoding' "$TMP/head"
  cmp "$TMP/body" "$TMP/unpacked"
}
check "scripts are kept for ever and come packed when wanted" assets

is_404() { [ "$(curl -sk -o /dev/null -w '%{http_code}' "$BASE$1")" = 404 ]; }
check "an asset that is not there is 404" is_404 /assets/index-00000000.js
check "an address that is no page is 404" is_404 /api/v1/nothing
outside() {
  head_of --path-as-is "$BASE/assets/..%2f..%2f..%2fetc/passwd"
  grep -q '^HTTP/1.1 40' "$TMP/head" && ! grep -q root: "$TMP/body"
}
check "files outside the page are not served" outside

check "a wrong password gets a sentence" claim page_sign_in.mjs wrong_password
check "signing in shows what is healthy" claim page_sign_in.mjs overview
check "a link to a screen survives signing in and reloading" claim page_sign_in.mjs deep_link
check "signing out ends the session" claim page_sign_in.mjs signs_out
check "the page speaks Korean" claim page_sign_in.mjs korean
check "every screen fits a phone" claim page_sign_in.mjs phone
check "the keyboard reaches every screen" claim page_sign_in.mjs keyboard
check "a token is made, shown once, and works" claim page_sign_in.mjs token
check "a project and a repository are made on the page" claim page_sign_in.mjs makes_project
check "a setting is changed and reset on the page" claim page_sign_in.mjs setting
finish
