// What an image runs on, as its configuration says (image specification,
// "config.md"): "linux/amd64", "linux/arm64/v8".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/os/mutex.h"
#include "core/store/blob_store.h"
#include "core/store/sqlite.h"
#include "manifests/manifest.h"

namespace skerry::registry {

// Configurations beyond this are not read.
inline constexpr std::uint64_t kLargestConfig = 1u << 20;

// Empty for what is no configuration, or says neither or odd things. Pure.
std::string platform_of(std::string_view config);

// Reads configurations, each once for as long as it is remembered.
// Thread-safe.
class Platforms {
 public:
  explicit Platforms(BlobStore& blobs) : blobs_(blobs) {}

  // Of an image; empty for everything else, and when it cannot be told.
  std::string of(const Manifest& manifest) EXCLUDES(mutex_);

 private:
  BlobStore& blobs_;
  Mutex mutex_;
  std::unordered_map<std::string, std::string> known_ GUARDED_BY(mutex_);
};

// Stores what an image runs on, or for an index what its children do.
void put_platforms(Transaction& tx, std::int64_t repository,
                   std::string_view digest, const Manifest& manifest,
                   std::string_view image_platform);

// The stored text taken apart.
std::vector<std::string> split_platforms(std::string_view text);

}  // namespace skerry::registry
