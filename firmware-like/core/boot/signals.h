// SIGTERM and SIGINT as values, so that the stop is ordinary code on the main
// thread.
#pragma once

#include <chrono>

#include "core/os/fd.h"

namespace skerry::boot {

// Make it before any thread starts: threads inherit the blocked signals.
class Signals {
 public:
  Signals();
  // The signal that came, or 0 after `timeout`.
  int wait(std::chrono::milliseconds timeout);

 private:
  Fd fd_;
};

}  // namespace skerry::boot
