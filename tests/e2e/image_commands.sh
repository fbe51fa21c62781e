#!/usr/bin/env bash
# Images are listed, looked into, deleted and brought back from the shell.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"
start_skerry
project demo
member eve demo viewer
export SKERRY_SERVER=$BASE SKERRY_USER=admin SKERRY_PASSWORD=$ADMIN_PASSWORD

push() { # FOLDER REFERENCE
  skopeo copy -q --dest-tls-verify=false --dest-creds "admin:$ADMIN_PASSWORD" \
    "oci:$1:v1" "docker://$HOSTPORT/$2"
}
make_image "$TMP/one" one
make_image "$TMP/two" two 50000 arm64
push "$TMP/one" demo/tools/app:v1
push "$TMP/one" demo/tools/app:stable
push "$TMP/two" demo/tools/app:arm
one=$(layout_digest "$TMP/one")
image() { "$SKERRY" image "$@"; }
shows() { # PATTERN command...: the command's output has a line like that
  local pattern=$1
  shift
  "$@" >"$TMP/shown" || return 1
  cat "$TMP/shown"
  grep -Eq "$pattern" "$TMP/shown"
}
lacks() { ! shows "$@"; }

check "a project's repositories are listed" shows '^tools/app +3 ' image ls demo
check "a repository's tags are listed with their platform" \
  shows '^arm +sha256:[0-9a-f]+ +linux/arm64 .* no$' image ls demo/tools/app
check "the old name of the command lists too" shows '^tools/app' image list demo
as_json() { image ls demo/tools/app --output json | jq -e 'map(.name) == ["arm","stable","v1"]'; }
check "as JSON" as_json
check "an image is shown with its layers" \
  shows "^[0-9]+ +sha256:[0-9a-f]{64}" image inspect demo/tools/app:v1
check "its tags" shows '^tags +stable, v1$' image inspect demo/tools/app:v1
check "and what its deletion frees" \
  shows 'frees [0-9.]+ KiB and can be undone for 24 h' image inspect "demo/tools/app@$one"
check "a missing image is told by name" \
  says "demo/tools/app has no such manifest" image inspect demo/tools/app:nope
check "a name without a repository is explained" \
  says "must have the form PROJECT/REPOSITORY[:TAG|@DIGEST]" image inspect demo
check "an empty tag is, too" \
  says "must have the form PROJECT/REPOSITORY[:TAG|@DIGEST]" image rm demo/tools/app:

check "a tag is deleted, and it is said until when that can be undone" \
  shows 'Until 20[0-9-]+T.* it can be brought back: skerry image restore demo/tools/app:stable' \
  image rm demo/tools/app:stable
check "it is gone" lacks '^stable ' image ls demo/tools/app
check "and listed as deleted" shows 'tools/app +stable +sha256' image ls --deleted demo
check "it comes back" shows 'is back' image restore demo/tools/app:stable
check "to the same image" shows "^stable +$one" image ls demo/tools/app
check "an image is deleted by its digest, with its tags" \
  shows 'deleted with its 2 tags; [0-9.]+ KiB will be free' image rm "demo/tools/app@$one"
check "both are gone" lacks '^(v1|stable) ' image ls demo/tools/app
check "it comes back by one of its tags" shows 'is back' image restore demo/tools/app:v1
check "with the other" shows "^stable +$one" image ls demo/tools/app
check "a repository is deleted" shows 'with all its tags and images' image rm demo/tools/app
check "nothing is listed" lacks tools/app image ls demo
check "it comes back as it was" shows 'is back' image restore demo/tools/app
check "with all its tags" as_json
check "what was never deleted cannot be brought back" \
  says "nothing that was deleted as demo/tools/app:nope" image restore demo/tools/app:nope
viewer() { SKERRY_USER=eve SKERRY_PASSWORD=user-password "$SKERRY" image "$@"; }
check "a viewer sees" shows '^v1 ' viewer ls demo/tools/app
refuse "and does not delete" viewer rm demo/tools/app:v1
SKERRY_REGISTRY_UNDO_WINDOW=0s restart_skerry
check "without a time for undoing, that is said" \
  shows 'This cannot be undone' image rm demo/tools/app:stable
finish
