// The signatures that lie beside an image, wherever it is.
#pragma once

#include <string>

#include "client/copy/image_place.h"
#include "registry/signatures/check.h"
#include "registry/signatures/make.h"

namespace skerry::app {

// Used by one thread.
class PlaceSignatures : public registry::SignatureSource {
 public:
  explicit PlaceSignatures(ImagePlace& place) : place_(place) {}

  std::optional<Manifest> tagged(const std::string& tag) override;
  std::vector<Manifest> referrers(const Digest& subject) override;
  std::string blob(const Digest& digest, std::uint64_t limit) override;

  // Stores a signature: under the tag, or as a referrer when it is empty. The
  // digest of its manifest.
  Digest put(const registry::SignatureImage& signature,
             const std::string& tag);

 private:
  ImagePlace& place_;
};

}  // namespace skerry::app
