#include "reconcile/work_queue.h"

#include <algorithm>

namespace skerry::cd {

void WorkQueue::start(int threads) {
  MutexLock lock(mutex_);
  if (!threads_.empty() || stopping_) return;
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void WorkQueue::stop() {
  std::vector<std::jthread> threads;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  changed_.notify_all();
}

void WorkQueue::add(const std::string& name, std::chrono::milliseconds delay) {
  const Time time = std::chrono::steady_clock::now() + delay;
  {
    MutexLock lock(mutex_);
    const auto [it, added] = due_.emplace(name, time);
    if (!added) it->second = std::min(it->second, time);
  }
  changed_.notify_one();
}

std::optional<std::string> WorkQueue::take() {
  const Time now = std::chrono::steady_clock::now();
  auto best = due_.end();
  for (auto it = due_.begin(); it != due_.end(); ++it) {
    if (it->second > now || working_.contains(it->first)) continue;
    if (best == due_.end() || it->second < best->second) best = it;
  }
  if (best == due_.end()) return std::nullopt;
  std::string name = best->first;
  due_.erase(best);
  working_.insert(name);
  return name;
}

void WorkQueue::run() {
  for (;;) {
    std::string name;
    {
      MutexLock lock(mutex_);
      for (;;) {
        if (stopping_) return;
        if (auto taken = take()) {
          name = std::move(*taken);
          break;
        }
        Time next = std::chrono::steady_clock::now() + std::chrono::hours(1);
        for (const auto& [waiting, time] : due_) {
          if (!working_.contains(waiting)) next = std::min(next, time);
        }
        changed_.wait_until(mutex_, next);
      }
    }
    const auto again = work_(name);
    {
      MutexLock lock(mutex_);
      working_.erase(name);
    }
    if (again) {
      add(name, *again);
    } else {
      changed_.notify_one();
    }
  }
}

}  // namespace skerry::cd
