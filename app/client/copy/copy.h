// Copies an image with all that it is made of: an index with its platforms,
// and on demand what refers to it. What is there already is not sent again, so
// that a copy which was cut off goes on where it was.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "client/copy/image_place.h"

namespace skerry::app {

struct CopyResult {
  Digest digest;
  std::int64_t manifests = 0, blobs = 0, skipped = 0;
  std::int64_t bytes = 0;  // of the blobs that were sent
};

// `tag` at the destination, or empty. `say` gets a line for each step.
CopyResult copy_image(ImagePlace& from, const std::string& reference,
                      ImagePlace& to, const std::string& tag,
                      bool with_referrers,
                      const std::function<void(const std::string&)>& say);

}  // namespace skerry::app
