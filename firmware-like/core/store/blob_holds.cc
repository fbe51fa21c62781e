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

std::vector<Digest> BlobHolds::leave(std::span<const Digest> blobs) {
  MutexLock lock(mutex_);
  std::vector<Digest> leaving;
  for (const auto& blob : blobs) {
    if (holders_.emplace(blob.hex, kLeaving).second) leaving.push_back(blob);
  }
  return leaving;
}

void BlobHolds::stay(const std::vector<Digest>& blobs) {
  MutexLock lock(mutex_);
  for (const auto& blob : blobs) holders_.erase(blob.hex);
  changed_.notify_all();
}

void BlobHolds::while_unheld(
    std::span<const Digest> blobs,
    const std::function<void(std::vector<Digest>)>& action) {
  const auto leaving = leave(blobs);
  if (leaving.empty()) return;
  try {
    action(leaving);
  } catch (...) {
    stay(leaving);
    throw;
  }
  stay(leaving);
}

}  // namespace skerry
