// Who uses a blob just now without any row that says so: between its arrival
// and the commit of the row that needs it, and while a row is being made for a
// blob that is there already. A held blob is not removed.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/os/mutex.h"
#include "core/store/digest.h"

namespace skerry {

class BlobHolds;

// Ends with its destructor. Must not outlive the BlobHolds it comes from.
class BlobHold {
 public:
  BlobHold() = default;
  BlobHold(BlobHolds* holds, std::string key)
      : holds_(holds), key_(std::move(key)) {}
  ~BlobHold();
  BlobHold(BlobHold&& other) noexcept
      : holds_(std::exchange(other.holds_, nullptr)),
        key_(std::move(other.key_)) {}
  BlobHold& operator=(BlobHold&& other) noexcept {
    std::swap(holds_, other.holds_);
    std::swap(key_, other.key_);
    return *this;
  }

 private:
  BlobHolds* holds_ = nullptr;
  std::string key_;
};

// Thread-safe.
class BlobHolds {
 public:
  // Waits while the blob is being removed.
  [[nodiscard]] BlobHold hold(const Digest& digest);
  // Runs `action` with those of the blobs that nobody holds; nobody can get a
  // hold of them meanwhile.
  void while_unheld(std::span<const Digest> blobs,
                    const std::function<void(std::vector<Digest>)>& action);

 private:
  friend class BlobHold;
  void release(const std::string& key);
  std::vector<Digest> leave(std::span<const Digest> blobs);
  void stay(const std::vector<Digest>& blobs);

  Mutex mutex_;
  Condition changed_;
  // Holders of a blob; -1 while it is being removed.
  std::unordered_map<std::string, int> holders_ GUARDED_BY(mutex_);
};

}  // namespace skerry
