// What the image builder needs of the built-in registry. The app fits the
// registry module to it.
//
// Repository names are whole: "<project>/<name>". Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/fd.h"
#include "core/store/blob_store.h"
#include "core/store/digest.h"

namespace skerry::ci {

struct StoredManifest {
  Digest digest;
  std::string media_type;
  std::string bytes;
};

class ImageStore {
 public:
  virtual ~ImageStore() = default;
  // A manifest or index by tag ("1.0") or digest ("sha256:..."). Throws denied
  // when the store was made for someone who may not read the repository.
  virtual std::optional<StoredManifest> find_manifest(
      std::string_view repository, std::string_view reference) const = 0;
  // An open blob of the repository; throws not_found.
  virtual Fd open_blob(std::string_view repository,
                       const Digest& digest) const = 0;
  // A new blob of the repository; it belongs to it from commit() on.
  virtual std::unique_ptr<BlobWriter> create_blob(
      std::string_view repository) = 0;
  // Makes a blob of another repository one of this too; throws not_found.
  virtual void link_blob(std::string_view repository, const Digest& digest,
                         std::string_view from_repository) = 0;
  // Stores the exact bytes and moves the tags to them, at once.
  virtual Digest put_manifest(std::string_view repository,
                              const std::vector<std::string>& tags,
                              std::string_view media_type,
                              std::string_view bytes) = 0;
};

}  // namespace skerry::ci
