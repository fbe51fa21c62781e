// A stop token that follows another one and may have a time of its own.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/os/mutex.h"

namespace skerry::ci {

// Thread-safe; lives in the frame of the block that it bounds.
class StopScope {
 public:
  explicit StopScope(std::stop_token parent);
  StopScope(std::stop_token parent, std::chrono::milliseconds time);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  void request_stop() { source_.request_stop(); }
  // Whether the time ran out before anything else stopped it.
  bool timed_out() const;

 private:
  void keep_time(std::chrono::steady_clock::time_point deadline);

  std::stop_source source_;
  std::stop_callback<std::function<void()>> follow_;
  mutable Mutex mutex_;
  skerry::Condition over_changed_;
  bool over_ GUARDED_BY(mutex_) = false;
  bool timed_out_ GUARDED_BY(mutex_) = false;
  std::thread timer_;
};

// False when it was stopped before.
bool sleep_for(std::chrono::milliseconds time, std::stop_token stop);

}  // namespace skerry::ci
