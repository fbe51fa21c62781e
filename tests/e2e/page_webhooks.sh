#!/usr/bin/env bash
# A webhook is made, tested, changed and removed on the page, which says how it
# stands: what was delivered, what waits, since when its receiver fails.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
. "$(dirname "$0")/page_lib.bash"

start_receiver
at_end stop_receiver
HOOK_URL=$(hook_url in)
export HOOK_URL

export SKERRY_REGISTRY_WEBHOOK_ALLOW_LOCAL=true SKERRY_REGISTRY_WEBHOOK_RETRY=200ms
start_skerry
project demo
make_image "$TMP/image" one
push() {
  skopeo copy -q --dest-tls-verify=false --dest-creds "admin:$ADMIN_PASSWORD" \
    "oci:$TMP/image:v1" "docker://$HOSTPORT/demo/app:$1"
}
got() { [ -e "$TMP/hooks/in.jsonl" ] && jq -se "any(.[]; $1)" "$TMP/hooks/in.jsonl"; }
hook() { api GET /projects/demo/webhooks | jq -e ".webhooks | $1"; }

check "what is wrong with a webhook is said at its field" claim page_webhooks.mjs refuses
check "a webhook is made, and nothing was sent yet" claim page_webhooks.mjs adds
check "the server has it with its secret and headers" hook '.[0].has_secret and .[0].header_names == ["X-Token"]'
check "a test says what the receiver answered" claim page_webhooks.mjs tests
check "the receiver got it, signed and with its header" got \
  '.envelope.events[0].action == "test" and .headers["x-token"] == "abc" and (.headers | has("x-skerry-signature-256"))'
push v1
check "a push shows among the last attempts" claim page_webhooks.mjs delivers
echo 503 >"$TMP/hooks/status"
check "a test that is refused says why" claim page_webhooks.mjs test_fails
push v2
check "a receiver that fails shows as failing, with what waits" claim page_webhooks.mjs fails
echo 200 >"$TMP/hooks/status"
check "once it works the page says so by itself" claim page_webhooks.mjs recovers
check "a change keeps the secret and takes the headers away" claim page_webhooks.mjs changes
check "the server has the change" hook '.[0].has_secret and .[0].header_names == [] and .[0].enabled == false and .[0].actions == ["pull"]'
check "everything fits a phone" claim page_webhooks.mjs phone
check "the keyboard is enough" claim page_webhooks.mjs keyboard
check "and speaks Korean" claim page_webhooks.mjs korean
check "it is removed" claim page_webhooks.mjs removes
check "the server has it no more" hook '. == []'
check "the whole server has webhooks of its own" claim page_webhooks.mjs of_server
finish
