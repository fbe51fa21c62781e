// Blobs of the store that are on this machine too: up to so many bytes, those
// used longest ago go first. A cache: whatever is lost of it is fetched again.
//
// Its files are not synced. After a crash of the machine they may be damaged,
// so only what a clean stop or this very boot of the machine has left is kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <string>
#include <unordered_map>

#include "core/os/fd.h"
#include "core/os/mutex.h"
#include "core/store/digest.h"

namespace skerry::s3 {

// Thread-safe.
class Cache {
 public:
  // Takes over what an earlier life has left in `folder`.
  Cache(std::filesystem::path folder, std::uint64_t most_bytes);
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // None when it is not here.
  Fd open(const Digest& digest) EXCLUDES(mutex_);
  // Would a blob of that size be kept?
  bool takes(std::uint64_t size) const { return size <= most_; }
  // Takes over a file whose bytes were checked, or removes it.
  void put(const std::filesystem::path& file, const Digest& digest,
           std::uint64_t size) EXCLUDES(mutex_);
  void remove(const Digest& digest) EXCLUDES(mutex_);
  // On a full disk: gives up half of it. False when there was nothing.
  bool shrink() EXCLUDES(mutex_);
  std::uint64_t bytes() const EXCLUDES(mutex_);
  // For files on their way, on the same file system; empty at first.
  const std::filesystem::path& scratch() const { return scratch_; }

 private:
  struct Entry {
    std::string name;  // "sha256-abcd..."
    std::uint64_t size = 0;
  };
  using Entries = std::list<Entry>;
  void load();
  void drop(Entries::iterator entry) REQUIRES(mutex_);
  void drop_to(std::uint64_t most) REQUIRES(mutex_);

  const std::filesystem::path folder_, scratch_;
  const std::uint64_t most_;
  mutable Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);  // the last used first
  std::unordered_map<std::string, Entries::iterator> by_name_
      GUARDED_BY(mutex_);
  std::uint64_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace skerry::s3
