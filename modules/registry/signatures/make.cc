#include "registry/signatures/make.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text/encoding.h"
#include "registry/signatures/check.h"
#include "signatures/bundle.h"
#include "signatures/document.h"
#include "signatures/formats.h"
#include "signatures/simple_signing.h"

namespace skerry::registry {
namespace {

constexpr const char* kManifestType =
    "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kConfigType = "application/vnd.oci.image.config.v1+json";
constexpr const char* kEmptyType = "application/vnd.oci.empty.v1+json";
constexpr const char* kNoTime = "0001-01-01T00:00:00Z";

// Digests, media types and base64 need no escapes.
std::string descriptor(std::string_view media_type, std::string_view bytes,
                       std::string_view more = {}) {
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":{}{}}})",
                     media_type, digest_of(bytes).to_string(), bytes.size(),
                     more);
}

std::string statement_text(const SignedManifest& image,
                           const SignedAnnotations& annotations) {
  return fmt::format(
      R"({{"_type":"{}","subject":[{{"digest":{{"{}":"{}"}},)"
      R"("annotations":{}}}],"predicateType":"{}","predicate":{{}}}})",
      kStatementType,
      image.digest.algorithm == DigestAlgorithm::sha256 ? "sha256" : "sha512",
      image.digest.hex,
      annotations.empty() ? "{}" : Json(annotations).dump(), kSignPredicate);
}

// An image configuration, as cosign's signatures have it.
std::string config_text(const Json& layers) {
  std::string digests, history;
  for (const Json& layer : layers) {
    const char* comma = digests.empty() ? "" : ",";
    digests += comma + layer.at("digest").dump();
    history += fmt::format(R"({}{{"created":"{}"}})", comma, kNoTime);
  }
  return fmt::format(
      R"({{"architecture":"","created":"{}","history":[{}],"os":"",)"
      R"("rootfs":{{"type":"layers","diff_ids":[{}]}},"config":{{}}}})",
      kNoTime, history, digests);
}

// The layers of what lies under the signature tag.
Json existing_layers(const std::string& manifest) {
  const Json document = parse_json(manifest);
  const auto* layers = find_member(document, "layers");
  if (layers == nullptr || !layers->is_array()) {
    fail(ErrorCode::conflict,
         "what lies under the signature's tag is no signature");
  }
  for (const Json& layer : *layers) {
    if (!Digest::parse(text_or_empty(layer, "digest"))) {
      fail(ErrorCode::conflict,
           "a layer of what lies under the signature's tag has no digest");
    }
  }
  if (layers->size() >= kMostSignatures) {
    fail(ErrorCode::too_large,
         "the image has {} signatures; no more are added: remove the tag of "
         "its signatures first",
         layers->size());
  }
  return *layers;
}

bool has_signature(const Json& layers, const std::string& payload,
                   const PublicKey& key) {
  const auto digest = digest_of(payload).to_string();
  for (const Json& layer : layers) {
    if (text_or_empty(layer, "digest") != digest) continue;
    const auto* annotations = find_member(layer, "annotations");
    if (annotations == nullptr) continue;
    const auto signature =
        from_base64(text_or_empty(*annotations, kSignatureAnnotation));
    if (signature && key.verifies(payload, *signature)) return true;
  }
  return false;
}

}  // namespace

SignatureImage make_bundle(const SignedManifest& image, const PrivateKey& key,
                           const SignedAnnotations& annotations,
                           const std::string& created) {
  const auto statement = statement_text(image, annotations);
  const auto text = fmt::format(
      R"({{"mediaType":"{}","verificationMaterial":{{"publicKey":)"
      R"({{"hint":"{}"}}}},"dsseEnvelope":{{"payload":"{}",)"
      R"("payloadType":"{}","signatures":[{{"sig":"{}"}}]}}}})",
      kBundleType, key.public_key().hint(), to_base64(statement), kInTotoType,
      to_base64(key.sign(dsse_encoding(kInTotoType, statement))));
  const std::string empty = "{}";
  const auto manifest = fmt::format(
      R"({{"schemaVersion":2,"mediaType":"{}","artifactType":"{}",)"
      R"("config":{},"layers":[{}],"subject":{{"mediaType":{},)"
      R"("digest":"{}","size":{}}},"annotations":{{)"
      R"("dev.sigstore.bundle.content":"dsse-envelope","{}":"{}",)"
      R"("org.opencontainers.image.created":{}}}}})",
      kManifestType, kBundleType, descriptor(kEmptyType, empty),
      descriptor(kBundleType, text), Json(image.media_type).dump(),
      image.digest.to_string(), image.size, kBundlePredicate, kSignPredicate,
      Json(created).dump());
  return {kManifestType, manifest, {empty, text}};
}

std::optional<SignatureImage> make_legacy(
    const SignedManifest& image, const PrivateKey& key,
    const std::string& identity, const SignedAnnotations& annotations,
    const std::optional<std::string>& existing) {
  if (image.digest.algorithm != DigestAlgorithm::sha256) {
    fail(ErrorCode::invalid,
         "an image with a digest of SHA-512 can only be signed with a bundle");
  }
  const auto payload =
      payload_text({identity, image.digest.to_string(), annotations});
  Json layers = existing ? existing_layers(*existing) : Json::array();
  if (has_signature(layers, payload, key.public_key())) return {};
  layers.push_back(parse_json(descriptor(
      kSimpleSigning, payload,
      fmt::format(R"(,"annotations":{{"{}":"{}"}})", kSignatureAnnotation,
                  to_base64(key.sign(payload))))));
  const auto config = config_text(layers);
  auto manifest = fmt::format(
      R"({{"schemaVersion":2,"mediaType":"{}","config":{},"layers":{}}})",
      kManifestType, descriptor(kConfigType, config), layers.dump());
  return SignatureImage{kManifestType, std::move(manifest), {config, payload}};
}

}  // namespace skerry::registry
