// Finds the signatures of an image and checks each by public keys: Sigstore's
// bundles, which refer to the image, and cosign's simple signing payloads, by
// the tag "sha256-<hex>.sig" or as referrers. Everything that is read comes
// from outside and is bounded.
//
// Keys are all that is trusted: signatures by certificates (keyless) are named
// and do not count, transparency logs and timestamps are not looked at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"
#include "registry/signatures/keys.h"

namespace skerry::registry {

// Of one image; there are no more in any image that is not an attack.
inline constexpr std::size_t kMostSignatures = 256;
// A payload or a bundle.
inline constexpr std::uint64_t kLargestSignature = 1u << 20;

// The repository that the image is in.
class SignatureSource {
 public:
  struct Manifest {
    Digest digest;
    std::string bytes;
  };
  virtual ~SignatureSource() = default;
  // By its tag; nothing when there is none.
  virtual std::optional<Manifest> tagged(const std::string& tag) = 0;
  // Those whose subject it is.
  virtual std::vector<Manifest> referrers(const Digest& subject) = 0;
  // Throws for a blob that is not there or is larger. That it is whole is
  // checked here.
  virtual std::string blob(const Digest& digest, std::uint64_t limit) = 0;
};

struct NamedKey {
  std::string name;
  PublicKey key;
};

struct FoundSignature {
  std::string manifest;  // digest of the one that holds it
  std::string format;    // "bundle" or "legacy"
  std::string identity;  // as what the image was signed; "" in bundles
  std::map<std::string, std::string> annotations;  // signed ones
  std::string key;       // the name of the one that made it
  std::string trouble;   // why it does not count, or ""
  bool valid() const { return trouble.empty(); }
};

// All there are, good and bad; none at all is an unsigned image. `bytes` are
// the image's manifest's.
std::vector<FoundSignature> check_signatures(SignatureSource& source,
                                             const Digest& image,
                                             std::string_view bytes,
                                             const std::vector<NamedKey>& keys);

// "sha256-<hex>.sig".
std::string signature_tag(const Digest& image);

}  // namespace skerry::registry
