// Where images are copied from and to: a registry or an OCI layout.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"

namespace skerry::app {

// No manifest that is larger is read (registries take 4 MiB or so).
inline constexpr std::uint64_t kLargestManifest = 16u << 20;

struct Manifest {
  Digest digest;
  std::string media_type;
  std::string bytes;
};

struct BlobName {
  Digest digest;
  std::uint64_t size = 0;
};

// A blob that is being written. Dropped without finish(), it leaves nothing.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual void finish() = 0;
};

// What is read has the digest that it was asked for by, or an error is thrown
// that names it. Used by one thread.
class ImagePlace {
 public:
  virtual ~ImagePlace() = default;

  // Throws not_found. An empty reference: the only image of a layout.
  virtual Manifest manifest(const std::string& reference) = 0;
  // Those whose subject it is.
  virtual std::vector<Manifest> referrers(const Digest& subject) = 0;
  virtual void read(const BlobName& blob,
                    const std::function<void(std::string_view)>& sink) = 0;

  virtual bool has(const BlobName& blob) = 0;
  // Takes the blob from there without moving its bytes; false: it cannot.
  virtual bool take(const BlobName& blob, const ImagePlace& from) = 0;
  virtual std::unique_ptr<BlobWriter> write(const BlobName& blob) = 0;

  // What a manifest is to the place that gets it.
  enum class Rank { child, referrer, named };
  // `tag` of a named one; it may be empty.
  virtual void put(const Manifest& manifest, Rank rank,
                   const std::string& tag) = 0;
  // After the last image.
  virtual void finish() {}

  // Its repository, when it is in this registry.
  virtual std::optional<std::string> repository_on(
      std::string_view /*base_url*/) const {
    return {};
  }
};

}  // namespace skerry::app
