// A limit on how many expensive things run at once.
#pragma once

#include <chrono>
#include <stop_token>

#include "core/error.h"
#include "core/os/mutex.h"

namespace skerry::git {

// Thread-safe.
class Slots {
 public:
  explicit Slots(int count) : free_(count) {}

  // Gives the slot back on destruction.
  class Slot {
   public:
    explicit Slot(Slots* slots) : slots_(slots) {}
    Slot(Slot&& other) noexcept
        : slots_(std::exchange(other.slots_, nullptr)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (slots_ != nullptr) slots_->give_back();
    }

   private:
    Slots* slots_;
  };

  // Waits for a free one; throws unavailable when `stop` is requested.
  Slot take(const std::stop_token& stop) {
    MutexLock lock(mutex_);
    while (free_ == 0) {
      if (stop.stop_requested()) {
        fail(ErrorCode::unavailable, "the server is stopping, try again");
      }
      changed_.wait_until(mutex_, std::chrono::steady_clock::now() +
                                      std::chrono::milliseconds(200));
    }
    --free_;
    return Slot(this);
  }

 private:
  void give_back() {
    MutexLock lock(mutex_);
    ++free_;
    changed_.notify_one();
  }

  Mutex mutex_;
  Condition changed_;
  int free_ GUARDED_BY(mutex_);
};

}  // namespace skerry::git
