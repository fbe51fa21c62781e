#include "repository_pool.h"

#include <algorithm>

namespace skerry::git {

RepositoryPool::Lease RepositoryPool::open(
    const std::filesystem::path& folder) {
  std::string key = folder.string();
  std::unique_ptr<OpenRepository> handle;
  std::uint64_t generation = 0;
  {
    MutexLock lock(mutex_);
    auto known = generations_.find(key);
    if (known != generations_.end()) generation = known->second;
    for (auto it = idle_.rbegin(); it != idle_.rend(); ++it) {
      if (it->folder != key) continue;
      handle = std::move(it->handle);
      idle_.erase(std::next(it).base());
      break;
    }
  }
  if (!handle) handle = std::make_unique<OpenRepository>(folder);
  return Lease(*this, std::move(key), std::move(handle), generation);
}

void RepositoryPool::forget(const std::filesystem::path& folder) {
  std::vector<Idle> closed;  // outside the lock
  MutexLock lock(mutex_);
  std::string key = folder.string();
  ++generations_[key];
  auto stale = std::stable_partition(
      idle_.begin(), idle_.end(),
      [&](const Idle& idle) { return idle.folder != key; });
  std::move(stale, idle_.end(), std::back_inserter(closed));
  idle_.erase(stale, idle_.end());
}

void RepositoryPool::give_back(const std::string& folder,
                               std::unique_ptr<OpenRepository> handle,
                               std::uint64_t generation) {
  Idle evicted;
  MutexLock lock(mutex_);
  auto known = generations_.find(folder);
  if (generation != (known == generations_.end() ? 0 : known->second)) return;
  idle_.push_back({folder, std::move(handle)});
  if (idle_.size() > kMaxIdle) {
    evicted = std::move(idle_.front());
    idle_.erase(idle_.begin());
  }
}

}  // namespace skerry::git
