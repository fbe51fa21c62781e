// Manifests in memory: what clients ask for most, bounded in bytes, least
// recently used out first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/os/mutex.h"
#include "core/store/digest.h"
#include "pulls/pulls.h"

namespace skerry::registry {

// A manifest as it is answered.
struct StoredManifest {
  std::string digest;
  std::string media_type;
  std::string bytes;
  // Of the reference under which it was found; null: pulls are not counted.
  std::shared_ptr<PullCounter> pulls{};
};

// Thread-safe. Keys are chosen by the caller; a key that a tag can move is
// dropped by the writer after its commit. A reader that found the old value
// before that commit cannot bring it back, because `store` refuses what was
// read before the last drop.
class ManifestCache {
 public:
  using Entry = std::shared_ptr<const StoredManifest>;

  // 0: keep nothing.
  void set_capacity(std::size_t bytes) EXCLUDES(mutex_);
  Entry find(std::string_view key) EXCLUDES(mutex_);
  // To be taken before the database is read for a later `store`.
  std::uint64_t generation() EXCLUDES(mutex_);
  void store(std::uint64_t generation, std::string key, Entry entry)
      EXCLUDES(mutex_);
  void drop(std::string_view key) EXCLUDES(mutex_);
  void clear() EXCLUDES(mutex_);

 private:
  struct Item {
    std::string key;
    Entry entry;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Items = std::list<Item>;
  static std::size_t cost(const Item& item);
  void erase(Items::iterator item) REQUIRES(mutex_);

  Mutex mutex_;
  std::size_t capacity_ GUARDED_BY(mutex_) = 0;
  std::size_t used_ GUARDED_BY(mutex_) = 0;
  std::uint64_t generation_ GUARDED_BY(mutex_) = 0;
  Items items_ GUARDED_BY(mutex_);  // most recently used first
  // The keys point into items_.
  std::unordered_map<std::string_view, Items::iterator, Hash> index_
      GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
