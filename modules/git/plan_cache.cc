#include "plan_cache.h"

namespace skerry::git {

PlanCache::Plan PlanCache::get(const std::string& key,
                               const std::function<Plan()>& make) {
  {
    MutexLock lock(mutex_);
    for (;;) {
      auto it = entries_.find(key);
      if (it == entries_.end()) break;
      if (it->second.plan) {
        it->second.used = ++clock_;
        return it->second.plan;
      }
      made_.wait(mutex_);
    }
    entries_[key];  // says that it is being made
  }
  Plan plan;
  try {
    plan = make();
  } catch (...) {
    MutexLock lock(mutex_);
    entries_.erase(key);
    made_.notify_all();
    throw;
  }
  MutexLock lock(mutex_);
  store(key, plan);
  made_.notify_all();
  return plan;
}

void PlanCache::store(const std::string& key, const Plan& plan) {
  Entry& entry = entries_[key];
  entry.plan = plan;
  entry.used = ++clock_;
  bytes_ += plan->memory() + key.size();
  std::uint64_t limit = limit_bytes_();
  while (bytes_ > limit) {
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
      if (it->second.plan &&
          (oldest == entries_.end() || it->second.used < oldest->second.used)) {
        oldest = it;
      }
    }
    if (oldest == entries_.end()) break;
    bytes_ -= oldest->second.plan->memory() + oldest->first.size();
    entries_.erase(oldest);
  }
}

void PlanCache::forget(std::string_view prefix) {
  MutexLock lock(mutex_);
  auto it = entries_.lower_bound(std::string(prefix));
  while (it != entries_.end() && it->first.starts_with(prefix)) {
    if (!it->second.plan) {
      ++it;
      continue;
    }
    bytes_ -= it->second.plan->memory() + it->first.size();
    it = entries_.erase(it);
  }
}

}  // namespace skerry::git
