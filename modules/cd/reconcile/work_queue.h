// Named work, each name at most once at a time, by a few threads. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/os/mutex.h"

namespace skerry::cd {

class WorkQueue {
 public:
  // Answers when the name wants to run again, if it does. Must not throw.
  using Work = std::function<std::optional<std::chrono::milliseconds>(
      const std::string& name)>;

  explicit WorkQueue(Work work) : work_(std::move(work)) {}
  ~WorkQueue() { stop(); }

  // Does nothing when it runs already.
  void start(int threads);
  // Waits for the work under way.
  void stop();
  // Runs `name` after `delay`, or earlier when it was added for earlier. A
  // name that is being worked on runs again after.
  void add(const std::string& name, std::chrono::milliseconds delay = {});

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run();
  std::optional<std::string> take() REQUIRES(mutex_);

  const Work work_;
  Mutex mutex_;
  Condition changed_;
  std::map<std::string, Time> due_ GUARDED_BY(mutex_);
  std::set<std::string> working_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::jthread> threads_ GUARDED_BY(mutex_);
};

}  // namespace skerry::cd
