// How much one transaction of the upkeep may change: as much as takes about
// ten milliseconds before its commit, so that a push that waits for it hardly
// notices, and few commits are needed.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace skerry::registry {

// Used by one thread.
class Pace {
 public:
  std::size_t batch() const { return batch_; }
  // Runs one batch within a transaction, and learns from the time it takes.
  template <typename F>
  void step(F&& body) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    const auto took = std::chrono::steady_clock::now() - begin;
    if (took > 2 * kAim) batch_ = std::max(batch_ / 2, kLeast);
    if (took < kAim) batch_ = std::min(batch_ * 2, kMost);
  }

 private:
  static constexpr std::chrono::milliseconds kAim{10};
  static constexpr std::size_t kLeast = 50, kMost = 1'000;
  std::size_t batch_ = 100;
};

}  // namespace skerry::registry
