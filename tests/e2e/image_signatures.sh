#!/usr/bin/env bash
# `skerry image sign|verify|key` and cosign are interchangeable, with keys and
# without internet: each verifies what the other signed, in both formats and by
# keys of every kind; what is not right is refused with its reason.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/registry_lib.bash"

COSIGN=$("$ROOT/tests/tools/go_tool.sh" cosign)
export DOCKER_CONFIG=$TMP/docker-config HOME=$TMP/home
export COSIGN_PASSWORD=key-password COSIGN_YES=true
start_skerry
project demo
member dev demo developer
export SKERRY_SERVER=$BASE SKERRY_USER=dev SKERRY_PASSWORD=user-password
mkdir -p "$DOCKER_CONFIG" "$HOME"
echo "{\"auths\":{\"$HOSTPORT\":{\"auth\":\"$(printf dev:user-password | base64)\"}}}" \
  >"$DOCKER_CONFIG/config.json"
cd "$TMP"

host=$HOSTPORT
new_image() { # NAME: an image demo/NAME:v1 of its own
  make_image "$TMP/image-$1" "$1" 20000
  "$SKERRY" image copy "oci:$TMP/image-$1:v1" "demo/$1:v1" >/dev/null 2>&1
}
digest_of() { layout_digest "$TMP/image-$1"; }
sign() { "$SKERRY" image sign --key "$@"; }
verify() { "$SKERRY" image verify --key "$@"; }
by_tag=--new-bundle-format=false
cosign_sign() { # KEY flag... IMAGE
  "$COSIGN" sign --key "$1" --tlog-upload=false --use-signing-config=false "${@:2}"
}
cosign_verify() { # KEY flag... IMAGE
  "$COSIGN" verify --key "$1" --insecure-ignore-tlog=true "${@:2}"
}
shows() { # TEXT command...: it does what it shall, and says the text
  local text=$1 out
  shift
  out=$("$@" 2>&1) || { echo "$out"; return 1; }
  grep -qF -- "$text" <<<"$out" || { echo "$out"; return 1; }
}
json() { # FILTER command...
  local filter=$1
  shift
  "$@" --output json >"$TMP/said.json" 2>"$TMP/said.err" || true
  jq -e "$filter" "$TMP/said.json" || { cat "$TMP/said.err"; return 1; }
}

# --- keys of both
check "cosign makes a key pair" "$COSIGN" generate-key-pair
check "skerry makes a key pair" shows "ECDSA P-256" "$SKERRY" image key ours
check "whose private half is readable by its owner only" \
  test "$(stat -c %a ours.key)" = 600
check "and never overwritten" says "ours.key exists" "$SKERRY" image key ours
check "another password does not open it" says "password is wrong" \
  env COSIGN_PASSWORD=other "$SKERRY" image sign --key ours.key demo/none:v1

# --- cosign signs, skerry verifies
new_image theirs
check "an unsigned image does not verify" \
  says "demo/theirs:v1 has no signature at all" verify cosign.pub demo/theirs:v1
image=$host/demo/theirs@$(digest_of theirs)
cosign_sign cosign.key "$image" >/dev/null 2>&1
check "a bundle of cosign's verifies" \
  shows "made by cosign.pub" verify cosign.pub demo/theirs:v1
check "by another key it does not, and says why" \
  says "it was made by another key" verify ours.pub demo/theirs:v1
check "any of several keys will do" verify ours.pub cosign.pub demo/theirs:v1
cosign_sign cosign.key "$by_tag" -a build=7 "$image" >/dev/null 2>&1
check "a signature by tag verifies, with its name and annotation" \
  shows "made by cosign.pub, for $host/demo/theirs, build=7" \
  verify cosign.pub demo/theirs:v1
check "an annotation is demanded" verify cosign.pub -a build=7 demo/theirs:v1
check "and its value" says "annotation 'build' has another value" \
  verify cosign.pub -a build=8 demo/theirs:v1
export COSIGN_EXPERIMENTAL=1
cosign_sign cosign.key "$by_tag" --registry-referrers-mode=oci-1-1 "$image" \
  >/dev/null 2>&1
unset COSIGN_EXPERIMENTAL
check "all three are found, each valid" json \
  '.valid and (.signatures | length) == 3 and all(.signatures[]; .valid)' \
  verify cosign.pub demo/theirs:v1
echo '{"builder":"x"}' >predicate.json
"$COSIGN" attest --key cosign.key --tlog-upload=false --use-signing-config=false \
  --predicate predicate.json --type custom "$image" >/dev/null 2>&1
check "an attestation is not taken for a signature" json \
  '.valid and (.signatures | length) == 3' verify cosign.pub demo/theirs:v1
new_image attested
"$COSIGN" attest --key cosign.key --tlog-upload=false --use-signing-config=false \
  --predicate predicate.json --type custom \
  "$host/demo/attested@$(digest_of attested)" >/dev/null 2>&1
check "not even alone" says "no signature at all" verify cosign.pub demo/attested:v1

# --- skerry signs, cosign verifies
for key in ours cosign; do
  for format in bundle legacy; do
    name=by-$key-$format
    new_image "$name"
    flag=
    [ $format = bundle ] || flag=$by_tag
    image=$host/demo/$name@$(digest_of "$name")
    check "skerry signs with the key of $key as a $format" \
      shows "$(digest_of "$name") is signed" \
      sign $key.key --format $format -a team=a "demo/$name:v1"
    check "cosign verifies it" \
      shows '"team":"a"' cosign_verify $key.pub $flag -a team=a "$image"
    refuse "but not by another key" cosign_verify \
      "$([ $key = ours ] && echo cosign || echo ours).pub" $flag "$image"
    check "skerry does, too" verify $key.pub "demo/$name:v1"
  done
done
check "cosign signs with the key of skerry" \
  cosign_sign ours.key "$host/demo/theirs@$(digest_of theirs)"
check "skerry verifies that" verify ours.pub demo/theirs:v1
signatures() {
  curl -fsS -u dev:user-password \
    "$BASE/v2/demo/by-ours-legacy/manifests/sha256-$(digest_of by-ours-legacy | cut -d: -f2).sig" |
    jq -e ".layers | length == $1"
}
check "a legacy signature is not repeated" \
  sign ours.key --format legacy -a team=a demo/by-ours-legacy:v1
check "it is one" signatures 1
check "another joins it" sign cosign.key --format legacy demo/by-ours-legacy:v1
check "they are two" signatures 2
check "and both count for cosign" cosign_verify cosign.pub "$by_tag" \
  "$host/demo/by-ours-legacy@$(digest_of by-ours-legacy)"

# --- every kind of key, in both directions and formats
for kind in p384 p521 rsa ed25519; do
  case $kind in
    rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out $kind.pem ;;
    ed25519) openssl genpkey -algorithm ed25519 -out $kind.pem ;;
    *) openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:P-${kind#p}" -out $kind.pem ;;
  esac 2>/dev/null
  "$COSIGN" import-key-pair --key $kind.pem --output-key-prefix $kind >/dev/null 2>&1
  for format in bundle legacy; do
    flag=
    [ $format = bundle ] || flag=$by_tag
    new_image "$kind-$format"
    image=$host/demo/$kind-$format@$(digest_of "$kind-$format")
    check "skerry signs with $kind, unencrypted, as a $format" \
      sign $kind.pem --format $format "demo/$kind-$format:v1"
    check "cosign verifies it" cosign_verify $kind.pub $flag "$image"
    new_image "$kind-$format-2"
    image=$host/demo/$kind-$format-2@$(digest_of "$kind-$format-2")
    check "cosign signs with $kind" cosign_sign $kind.key $flag "$image"
    check "skerry verifies it" verify $kind.pub "demo/$kind-$format-2:v1"
  done
done
openssl ecparam -name prime256v1 -genkey -out sec1.pem 2>/dev/null
openssl ec -in sec1.pem -pubout -out sec1.pub 2>/dev/null
check "a key of openssl ecparam signs" sign sec1.pem demo/theirs:v1
check "and verifies" verify sec1.pub demo/theirs:v1
openssl ecparam -name secp256k1 -genkey -noout 2>/dev/null | openssl ec -pubout -out other.pub 2>/dev/null
check "another curve is refused by name" says "another curve than P-256" \
  verify other.pub demo/theirs:v1

# --- what was tampered with
new_image victim
new_image evil
victim=$(digest_of victim) evil=$(digest_of evil)
sign ours.key --format legacy demo/victim:v1 >/dev/null
sign ours.key demo/victim:v1 >/dev/null
curl_dev() { curl -fsS -u dev:user-password "$@"; }
oci=application/vnd.oci.image.manifest.v1+json
blob_of() { # the signature's blob of a manifest, moved to demo/evil
  local digest
  digest=$(jq -r '.layers[0].digest' "$1")
  for one in "$digest" "$(jq -r .config.digest "$1")"; do
    curl_dev -o /dev/null -X POST "$BASE/v2/demo/evil/blobs/uploads/?mount=$one&from=demo/victim"
  done
}
push() { # REFERENCE FILE
  curl_dev -o /dev/null -X PUT -H "Content-Type: $oci" --data-binary "@$2" \
    "$BASE/v2/demo/evil/manifests/$1"
}
curl_dev "$BASE/v2/demo/victim/manifests/sha256-${victim#sha256:}.sig" >legacy.json
blob_of legacy.json
push "sha256-${evil#sha256:}.sig" legacy.json
check "a signature of one image is none of another" \
  says "it is of another image, $victim" verify ours.pub demo/evil:v1
bundle=$(curl_dev "$BASE/v2/demo/victim/referrers/$victim" | jq -r '.manifests[0].digest')
curl_dev "$BASE/v2/demo/victim/manifests/$bundle" >bundle.json
blob_of bundle.json
jq -c --arg digest "$evil" '.subject.digest = $digest' bundle.json >moved.json
push "sha256:$(sha256sum moved.json | cut -d' ' -f1)" moved.json
check "nor is a bundle that was made to refer to it" \
  says "it is of another image: its digest differs" verify ours.pub demo/evil:v1
curl_dev "$BASE/v2/demo/victim/blobs/$(jq -r '.layers[0].digest' bundle.json)" >bundle.blob
python3 - "$victim" "$evil" <<'PY'
import base64, json, sys
victim, evil = (one.split(":")[1] for one in sys.argv[1:])
bundle = json.load(open("bundle.blob"))
envelope = bundle["dsseEnvelope"]
payload = base64.b64decode(envelope["payload"]).replace(victim.encode(), evil.encode())
envelope["payload"] = base64.b64encode(payload).decode()
json.dump(bundle, open("forged.blob", "w"))
PY
forged=sha256:$(sha256sum forged.blob | cut -d' ' -f1)
curl_dev -o /dev/null -X POST -H 'Content-Type: application/octet-stream' \
  --data-binary @forged.blob "$BASE/v2/demo/evil/blobs/uploads/?digest=$forged"
jq -c --arg digest "$forged" --argjson size "$(stat -c %s forged.blob)" \
  '.layers[0].digest = $digest | .layers[0].size = $size' moved.json >forged.json
push "sha256:$(sha256sum forged.json | cut -d' ' -f1)" forged.json
check "a statement that was rewritten is noticed" \
  says "which did not make it: it was changed" verify ours.pub demo/evil:v1
check "no signature of three counts" json \
  '(.valid | not) and (.signatures | length) == 3 and all(.signatures[]; .valid | not)' \
  verify ours.pub demo/evil:v1

# --- indexes, other registries and layouts
new_image arm
size_of() { stat -c %s "$TMP/image-$1/blobs/sha256/$(digest_of "$1" | cut -d: -f2)"; }
part() { echo "{\"mediaType\":\"$oci\",\"digest\":\"$(digest_of "$1")\",\"size\":$(size_of "$1"),\"platform\":{\"os\":\"linux\",\"architecture\":\"$2\"}}"; }
"$SKERRY" image copy demo/victim:v1 demo/arm:amd >/dev/null 2>&1
echo "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[$(part victim amd64),$(part arm arm64)]}" >index.json
curl_dev -o /dev/null -X PUT -H 'Content-Type: application/vnd.oci.image.index.v1+json' \
  --data-binary @index.json "$BASE/v2/demo/arm/manifests/all"
check "an index is signed alone" sign ours.key demo/arm:all
check "not its platforms" says "no signature at all" verify ours.pub demo/arm:v1
check "unless it is asked for" json '.signed | length == 3' \
  sign ours.key --recursive demo/arm:all
check "then they are" verify ours.pub demo/arm:v1
check "an image is signed by its registry's name, with a login" \
  sign ours.key --plain-http "$host/demo/theirs:v1"
unset SKERRY_USER SKERRY_PASSWORD SKERRY_SERVER
check "and verified" verify ours.pub --plain-http "$host/demo/theirs:v1"
check "an image in a folder is signed" sign ours.key "oci:$TMP/image-evil:v1"
check "and verified there" verify ours.pub "oci:$TMP/image-evil:v1"
check "a legacy signature needs a name for it" says "give --identity" \
  sign ours.key --format legacy "oci:$TMP/image-arm:v1"
finish
