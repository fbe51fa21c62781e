# What every script about the page starts with, after lib.sh.
#
#   claim FILE.mjs NAME [ARGUMENT...]   runs the function NAME that FILE.mjs
#                                       exports, in a fresh Chromium
export BASE ADMIN_PASSWORD TMP
[ -d "$ROOT/tests/e2e/node_modules/playwright-core" ] ||
  npm --prefix "$ROOT/tests/e2e" ci --silent

claim() { node "$ROOT/tests/e2e/page_driver.mjs" "$@"; }
