#include "registry/signatures/check.h"

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/text/encoding.h"
#include "signatures/bundle.h"
#include "signatures/document.h"
#include "signatures/formats.h"
#include "signatures/simple_signing.h"

namespace skerry::registry {
namespace {

// A descriptor of a layer, checked.
struct Layer {
  Digest digest;
  std::string media_type;
  Json annotations;
};

std::vector<Layer> layers_of(const Json& manifest) {
  std::vector<Layer> found;
  const auto* layers = find_member(manifest, "layers");
  if (layers == nullptr || !layers->is_array()) return found;
  for (const Json& one : *layers) {
    const auto digest = Digest::parse(text_or_empty(one, "digest"));
    if (!digest) continue;
    const auto* annotations = find_member(one, "annotations");
    found.push_back({*digest, text_or_empty(one, "mediaType"),
                     annotations == nullptr ? Json() : *annotations});
  }
  return found;
}

std::string artifact_type(const Json& manifest) {
  auto type = text_or_empty(manifest, "artifactType");
  if (!type.empty()) return type;
  const auto* config = find_member(manifest, "config");
  return config == nullptr ? "" : text_or_empty(*config, "mediaType");
}

// A bundle that says itself that it is an attestation, and no signature.
bool is_attestation(const Json& manifest) {
  const auto* annotations = find_member(manifest, "annotations");
  if (annotations == nullptr) return false;
  const auto type = text_or_empty(*annotations, kBundlePredicate);
  return !type.empty() && type != kSignPredicate;
}

class Checker {
 public:
  Checker(SignatureSource& source, const Digest& image, std::string_view bytes,
          const std::vector<NamedKey>& keys)
      : source_(source), image_(image), bytes_(bytes), keys_(keys) {}

  std::vector<FoundSignature> run() {
    for (const auto& one : source_.referrers(image_)) look_at(one);
    if (const auto tagged = source_.tagged(signature_tag(image_))) {
      look_at(*tagged);
    }
    return std::move(found_);
  }

 private:
  void look_at(const SignatureSource::Manifest& held) {
    Json manifest;
    try {
      manifest = parse_json(held.bytes);
    } catch (const Error&) {
      return;  // it is no manifest, so that it holds nothing
    }
    const bool bundle = artifact_type(manifest).starts_with(kAnyBundleType);
    if (bundle && is_attestation(manifest)) return;
    for (const auto& layer : layers_of(manifest)) {
      const bool is_bundle =
          bundle && layer.media_type.starts_with(kAnyBundleType);
      if (!is_bundle && layer.media_type != kSimpleSigning) continue;
      if (found_.size() == kMostSignatures) return too_many();
      auto& one = found_.emplace_back();
      one.manifest = held.digest.to_string();
      one.format = is_bundle ? "bundle" : "legacy";
      try {
        is_bundle ? check_bundle(layer, one) : check_legacy(layer, one);
      } catch (const Error& error) {
        one.trouble = error.message();
      }
    }
  }

  void too_many() {
    found_.back().trouble = fmt::format(
        "there are more than {} signatures; from here on none is looked at",
        kMostSignatures);
  }

  // The name of the key that made one of the signatures; "" for none.
  std::string maker(std::string_view message,
                    const std::vector<std::string>& signatures) const {
    for (const auto& one : keys_) {
      for (const auto& signature : signatures) {
        if (one.key.verifies(message, signature)) return one.name;
      }
    }
    return "";
  }

  std::string why_no_key(std::string_view hint) const {
    for (const auto& one : keys_) {
      if (one.key.hint() == hint) {
        return fmt::format("it names the key '{}', which did not make it: it "
                           "was changed",
                           one.name);
      }
    }
    return hint.empty()
               ? "none of the keys made it, or it was changed since"
               : fmt::format("it was made by another key ({})", shown(hint));
  }

  std::string blob(const Digest& digest) const {
    auto bytes = source_.blob(digest, kLargestSignature);
    if (digest_of(bytes, digest.algorithm) != digest) {
      fail(ErrorCode::io,
           "it is damaged: the bytes of {} are not those of its digest",
           digest.to_string());
    }
    return bytes;
  }

  void check_bundle(const Layer& layer, FoundSignature& one) const {
    const auto bundle = parse_bundle(blob(layer.digest));
    const auto message = bundle.signed_bytes
                             ? std::string_view(*bundle.signed_bytes)
                             : bytes_;
    one.key = maker(message, bundle.signatures);
    if (one.key.empty()) {
      one.trouble = why_no_key(bundle.hint);
      return;
    }
    bundle.signed_bytes ? check_statement(bundle, one)
                        : check_message(bundle, one);
  }

  void check_statement(const Bundle& bundle, FoundSignature& one) const {
    const auto statement = parse_statement(bundle.payload);
    if (statement.predicate_type != kSignPredicate) {
      one.trouble = fmt::format("it is an attestation ('{}'), no signature",
                                shown(statement.predicate_type));
      return;
    }
    const auto* subject = statement.about(image_);
    if (subject == nullptr) {
      one.trouble = "it is of another image: its digest differs";
      return;
    }
    one.annotations = subject->annotations;
  }

  void check_message(const Bundle& bundle, FoundSignature& one) const {
    if (bundle.message_digest != from_hex(digest_of(bytes_).hex)) {
      one.trouble = "it is of another image: its digest differs";
    }
  }

  void check_legacy(const Layer& layer, FoundSignature& one) const {
    const auto text = text_or_empty(layer.annotations, kSignatureAnnotation);
    const auto signature = from_base64(text);
    if (text.empty() || !signature) {
      one.trouble = "its annotation holds no signature";
      return;
    }
    const auto payload = blob(layer.digest);
    one.key = maker(payload, {*signature});
    if (one.key.empty()) {
      one.trouble = find_member(layer.annotations, kCertificateAnnotation)
                        ? "it was made with a certificate (keyless signing), "
                          "which is not supported: only keys are"
                        : why_no_key("");
      return;
    }
    auto claims = parse_payload(payload);
    one.identity = std::move(claims.identity);
    one.annotations = std::move(claims.annotations);
    if (claims.image != image_.to_string()) {
      one.trouble = fmt::format("it is of another image, {}",
                                shown(claims.image));
    }
  }

  SignatureSource& source_;
  const Digest& image_;
  const std::string_view bytes_;
  const std::vector<NamedKey>& keys_;
  std::vector<FoundSignature> found_;
};

}  // namespace

std::vector<FoundSignature> check_signatures(
    SignatureSource& source, const Digest& image, std::string_view bytes,
    const std::vector<NamedKey>& keys) {
  return Checker(source, image, bytes, keys).run();
}

std::string signature_tag(const Digest& image) {
  auto tag = image.to_string() + ".sig";
  std::replace(tag.begin(), tag.end(), ':', '-');
  return tag;
}

}  // namespace skerry::registry
