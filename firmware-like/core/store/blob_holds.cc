#include "core/store/blob_holds.h"

namespace skerry {
namespace {

constexpr int kLeaving = -1;

}  // namespace

BlobHold::~BlobHold() {
  if (holds_ != nullptr) holds_->release(key_);
}

BlobHold BlobHolds::hold(const Digest& digest) {
  MutexLock lock(mutex_);
  for (;;) {
    int& holders = holders_[digest.hex];
    if (holders != kLeaving) {
      ++holders;
      return BlobHold(this, digest.hex);
    }
    changed_.wait(mutex_);
  }
}

void BlobHolds::release(const std::string& key) {
  MutexLock lock(mutex_);
  const auto it = holders_.find(key);
  if (it != holders_.end() && --it->second == 0) holders_.erase(it);
}

bool BlobHolds::while_unheld(const Digest& digest,
                             const std::function<void()>& action) {
  {
    MutexLock lock(mutex_);
    if (!holders_.emplace(digest.hex, kLeaving).second) return false;
  }
  const auto finish = [&] {
    MutexLock lock(mutex_);
    holders_.erase(digest.hex);
    changed_.notify_all();
  };
  try {
    action();
  } catch (...) {
    finish();
    throw;
  }
  finish();
  return true;
}

}  // namespace skerry
