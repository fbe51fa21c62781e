// Packs that were worked out already. Listing the objects of a clone is what
// costs; many clients ask for the same one, and what a set of object ids
// reaches never changes. Requests for a plan that is being made wait for it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/os/mutex.h"
#include "pack_plan.h"

namespace skerry::git {

// Thread-safe.
class PlanCache {
 public:
  using Plan = std::shared_ptr<const PackPlan>;

  explicit PlanCache(std::function<std::uint64_t()> limit_bytes)
      : limit_bytes_(std::move(limit_bytes)) {}

  // The plan under `key` (which says all that it depends on, the repository
  // included), made by `make` when there is none. What `make` throws goes to
  // its caller only; others that waited try themselves.
  Plan get(const std::string& key, const std::function<Plan()>& make);
  // Drops the plans whose key begins so.
  void forget(std::string_view prefix);

 private:
  struct Entry {
    Plan plan;  // null while it is made
    std::uint64_t used = 0;
  };
  void store(const std::string& key, const Plan& plan) REQUIRES(mutex_);

  const std::function<std::uint64_t()> limit_bytes_;
  Mutex mutex_;
  Condition made_;
  std::map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::uint64_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t clock_ GUARDED_BY(mutex_) = 0;
};

}  // namespace skerry::git
