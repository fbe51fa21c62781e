// Makes the manifest and blobs of an image's signature, as cosign would push
// them. Pure, but for the randomness of keys.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"
#include "registry/signatures/keys.h"

namespace skerry::registry {

// The image that is signed.
struct SignedManifest {
  Digest digest;
  std::string media_type;
  std::uint64_t size = 0;
};
using SignedAnnotations = std::map<std::string, std::string>;

struct SignatureImage {
  std::string media_type;
  std::string bytes;
  std::vector<std::string> blobs;
};

// A Sigstore bundle v0.3 that refers to the image. `created` is the time as in
// RFC 3339.
SignatureImage make_bundle(const SignedManifest& image, const PrivateKey& key,
                           const SignedAnnotations& annotations,
                           const std::string& created);

// A simple signing payload, to be stored under signature_tag(); `existing` is
// the manifest that lies there, whose signatures are kept. Nothing when the
// same signature is among them. `identity` is the image's name without a tag.
std::optional<SignatureImage> make_legacy(
    const SignedManifest& image, const PrivateKey& key,
    const std::string& identity, const SignedAnnotations& annotations,
    const std::optional<std::string>& existing);

}  // namespace skerry::registry
