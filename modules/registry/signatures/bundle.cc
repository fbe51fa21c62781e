#include "signatures/bundle.h"

#include "core/error.h"
#include "signatures/document.h"
#include "signatures/formats.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kMostInEnvelope = 16;
constexpr std::size_t kMostSubjects = 1024;
constexpr const char* kBundle = "the bundle";
constexpr const char* kEnvelope = "the bundle's envelope";
constexpr const char* kStatement = "the statement";

std::string hint_of(const Json& bundle) {
  const auto& material = need_member(bundle, "verificationMaterial", kBundle);
  if (find_member(material, "certificate") != nullptr ||
      find_member(material, "x509CertificateChain") != nullptr) {
    fail(ErrorCode::invalid,
         "it was made with a certificate (keyless signing), which is not "
         "supported: only keys are");
  }
  return text_or_empty(need_member(material, "publicKey", kBundle), "hint");
}

void read_envelope(const Json& envelope, Bundle& bundle) {
  const auto type = need_text(envelope, "payloadType", kEnvelope);
  if (type != kInTotoType) {
    fail(ErrorCode::invalid, "its envelope holds '{}' and no statement",
         shown(type));
  }
  bundle.payload = need_base64(envelope, "payload", kEnvelope);
  bundle.signed_bytes = dsse_encoding(type, bundle.payload);
  const auto& signatures = need_member(envelope, "signatures", kEnvelope);
  if (!signatures.is_array() || signatures.empty() ||
      signatures.size() > kMostInEnvelope) {
    fail(ErrorCode::invalid, "its envelope must have 1 to {} signatures",
         kMostInEnvelope);
  }
  for (const Json& one : signatures) {
    bundle.signatures.push_back(need_base64(one, "sig", kEnvelope));
  }
}

void read_message(const Json& message, Bundle& bundle) {
  const auto& digest = need_member(message, "messageDigest", kBundle);
  if (need_text(digest, "algorithm", kBundle) != "SHA2_256") {
    fail(ErrorCode::invalid, "its message digest is not SHA2_256");
  }
  bundle.message_digest = need_base64(digest, "digest", kBundle);
  bundle.signatures.push_back(need_base64(message, "signature", kBundle));
}

}  // namespace

Bundle parse_bundle(std::string_view text) {
  const Json json = parse_json(text, kDeepestDocument);
  const auto type = need_text(json, "mediaType", kBundle);
  if (!type.starts_with(kAnyBundleType)) {
    fail(ErrorCode::invalid, "'{}' is no bundle", shown(type));
  }
  Bundle bundle;
  bundle.hint = hint_of(json);
  if (const auto* envelope = find_member(json, "dsseEnvelope")) {
    read_envelope(*envelope, bundle);
  } else {
    read_message(need_member(json, "messageSignature", kBundle), bundle);
  }
  return bundle;
}

std::string dsse_encoding(std::string_view type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, payload.size(),
                     payload);
}

Statement parse_statement(std::string_view text) {
  const Json json = parse_json(text, kMaxJsonDepth);
  const auto type = need_text(json, "_type", kStatement);
  if (type != kStatementType && type != "https://in-toto.io/Statement/v0.1") {
    fail(ErrorCode::invalid, "'{}' is no statement of in-toto", shown(type));
  }
  Statement statement;
  statement.predicate_type = need_text(json, "predicateType", kStatement);
  const auto& subjects = need_member(json, "subject", kStatement);
  if (!subjects.is_array() || subjects.size() > kMostSubjects) {
    fail(ErrorCode::invalid, "the statement must have at most {} subjects",
         kMostSubjects);
  }
  for (const Json& one : subjects) {
    statement.subjects.push_back(
        {text_members(&need_member(one, "digest", kStatement)),
         text_members(find_member(one, "annotations"))});
  }
  return statement;
}

const Statement::Subject* Statement::about(const Digest& image) const {
  const auto* algorithm =
      image.algorithm == DigestAlgorithm::sha256 ? "sha256" : "sha512";
  for (const auto& subject : subjects) {
    const auto it = subject.digests.find(algorithm);
    if (it != subject.digests.end() && it->second == image.hex) {
      return &subject;
    }
  }
  return nullptr;
}

}  // namespace skerry::registry
