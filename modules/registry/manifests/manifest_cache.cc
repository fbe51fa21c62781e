#include "manifests/manifest_cache.h"

namespace skerry::registry {

std::size_t ManifestCache::cost(const Item& item) {
  constexpr std::size_t kOverhead = 256;  // nodes, strings, control block
  return item.key.size() + item.entry->bytes.size() + kOverhead;
}

void ManifestCache::erase(Items::iterator item) {
  used_ -= cost(*item);
  index_.erase(item->key);
  items_.erase(item);
}

void ManifestCache::set_capacity(std::size_t bytes) {
  MutexLock lock(mutex_);
  capacity_ = bytes;
  while (used_ > capacity_) erase(std::prev(items_.end()));
}

ManifestCache::Entry ManifestCache::find(std::string_view key) {
  MutexLock lock(mutex_);
  const auto it = index_.find(key);
  if (it == index_.end()) return nullptr;
  items_.splice(items_.begin(), items_, it->second);
  return it->second->entry;
}

std::uint64_t ManifestCache::generation() {
  MutexLock lock(mutex_);
  return generation_;
}

void ManifestCache::store(std::uint64_t generation, std::string key,
                          Entry entry) {
  Item item{std::move(key), std::move(entry)};
  MutexLock lock(mutex_);
  // One huge manifest must not push everything else out.
  if (generation != generation_ || cost(item) > capacity_ / 4) return;
  if (const auto it = index_.find(item.key); it != index_.end()) {
    erase(it->second);
  }
  used_ += cost(item);
  items_.push_front(std::move(item));
  index_.emplace(items_.front().key, items_.begin());
  while (used_ > capacity_) erase(std::prev(items_.end()));
}

void ManifestCache::drop(std::string_view key) {
  MutexLock lock(mutex_);
  ++generation_;
  if (const auto it = index_.find(key); it != index_.end()) erase(it->second);
}

void ManifestCache::clear() {
  MutexLock lock(mutex_);
  ++generation_;
  index_.clear();
  items_.clear();
  used_ = 0;
}

}  // namespace skerry::registry
