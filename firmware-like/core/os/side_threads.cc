#include "core/os/side_threads.h"

#include <exception>
#include <thread>
#include <utility>

namespace skerry {

struct SideThreads::Side {
  Side() : thread([this](const std::stop_token& stop) { serve(stop); }) {}
  ~Side() {
    {
      MutexLock lock(mutex);
      thread.request_stop();
    }
    changed.notify_all();
  }

  void begin(const std::function<void()>& work) {
    {
      MutexLock lock(mutex);
      task = &work;
    }
    changed.notify_all();
  }
  std::exception_ptr wait() {
    MutexLock lock(mutex);
    while (task != nullptr) changed.wait(mutex);
    return std::exchange(failure, nullptr);
  }
  void serve(const std::stop_token& stop) {
    MutexLock lock(mutex);
    while (!stop.stop_requested()) {
      if (task == nullptr) {
        changed.wait(mutex);
        continue;
      }
      const auto& work = *task;
      mutex.unlock();
      std::exception_ptr thrown;
      try {
        work();
      } catch (...) {
        thrown = std::current_exception();
      }
      mutex.lock();
      failure = thrown;
      task = nullptr;
      changed.notify_all();
    }
  }

  Mutex mutex;
  Condition changed;
  const std::function<void()>* task GUARDED_BY(mutex) = nullptr;
  std::exception_ptr failure GUARDED_BY(mutex);
  std::jthread thread;  // last: it uses the others
};

SideThreads::SideThreads(std::size_t most) : most_(most) {}
SideThreads::~SideThreads() = default;

SideThreads::Lease SideThreads::lease() {
  MutexLock lock(mutex_);
  if (!free_.empty()) {
    Side* const side = free_.back();
    free_.pop_back();
    return {this, side};
  }
  if (sides_.size() == most_) return {};
  sides_.push_back(std::make_unique<Side>());
  return {this, sides_.back().get()};
}

void SideThreads::give_back(Side* side) {
  MutexLock lock(mutex_);
  free_.push_back(side);
}

SideThreads::Lease::~Lease() {
  if (owner_ != nullptr) owner_->give_back(side_);
}

void SideThreads::Lease::run_both(const std::function<void()>& beside,
                                  const std::function<void()>& here) {
  if (owner_ == nullptr) {
    beside();
    here();
    return;
  }
  side_->begin(beside);
  std::exception_ptr own;
  try {
    here();
  } catch (...) {
    own = std::current_exception();
  }
  if (const auto other = side_->wait()) std::rethrow_exception(other);
  if (own) std::rethrow_exception(own);
}

}  // namespace skerry
