// Threads that take a part of somebody's work while he does the other.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/os/mutex.h"

namespace skerry {

// Thread-safe. For parts of some hundred microseconds and more: to hand one over
// wakes a thread, which takes some ten where the processor is virtual.
class SideThreads {
  struct Side;

 public:
  // Somebody's claim on a thread. Not thread-safe; must not outlive the threads.
  class Lease {
   public:
    Lease() = default;
    Lease(SideThreads* owner, Side* side) : owner_(owner), side_(side) {}
    ~Lease();
    Lease(Lease&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), side_(other.side_) {}
    Lease& operator=(Lease&&) = delete;

    explicit operator bool() const { return owner_ != nullptr; }
    // Runs both: at the same time, or one after the other without a thread.
    // Returns when both are over; throws what `beside` threw, or else what
    // `here` threw.
    void run_both(const std::function<void()>& beside,
                  const std::function<void()>& here);

   private:
    SideThreads* owner_ = nullptr;
    Side* side_ = nullptr;
  };

  // A thread begins when it is needed first.
  explicit SideThreads(std::size_t most);
  // No lease may exist any more.
  ~SideThreads();

  // An empty one when no thread is free.
  Lease lease() EXCLUDES(mutex_);

 private:
  void give_back(Side* side) EXCLUDES(mutex_);

  const std::size_t most_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Side>> sides_ GUARDED_BY(mutex_);
  std::vector<Side*> free_ GUARDED_BY(mutex_);
};

}  // namespace skerry
