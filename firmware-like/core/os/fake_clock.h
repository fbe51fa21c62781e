// A clock for tests.
#pragma once

#include <atomic>

#include "core/os/clock.h"

namespace skerry {

// Stands still until it is moved. Thread-safe.
class FakeClock : public Clock {
 public:
  explicit FakeClock(UnixMillis start) : now_(start) {}
  UnixMillis now() const override { return now_; }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }

 private:
  std::atomic<UnixMillis> now_;
};

}  // namespace skerry
