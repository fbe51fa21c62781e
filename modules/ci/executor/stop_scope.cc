#include "executor/stop_scope.h"

#include <condition_variable>
#include <mutex>

namespace skerry::ci {

StopScope::StopScope(std::stop_token parent)
    : follow_(std::move(parent), [this] { source_.request_stop(); }) {}

StopScope::StopScope(std::stop_token parent, std::chrono::milliseconds time)
    : StopScope(std::move(parent)) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  timer_ = std::thread([this, deadline] { keep_time(deadline); });
}

StopScope::~StopScope() {
  {
    MutexLock lock(mutex_);
    over_ = true;
    over_changed_.notify_all();
  }
  if (timer_.joinable()) timer_.join();
}

bool StopScope::timed_out() const {
  MutexLock lock(mutex_);
  return timed_out_;
}

void StopScope::keep_time(std::chrono::steady_clock::time_point deadline) {
  {
    MutexLock lock(mutex_);
    while (!over_ && std::chrono::steady_clock::now() < deadline) {
      over_changed_.wait_until(mutex_, deadline);
    }
    if (over_ || source_.stop_requested()) return;
    timed_out_ = true;
  }
  source_.request_stop();
}

bool sleep_for(std::chrono::milliseconds time, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace skerry::ci
