// The projects' policies: kept in the database, looked up in memory with each
// push.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "core/os/mutex.h"
#include "core/store/sqlite.h"
#include "policy/policy.h"

namespace skerry::registry {

// Thread-safe.
class Policies {
 public:
  explicit Policies(Database& db) : db_(db) {}

  // Reads all of them; call after the migrations.
  void load() EXCLUDES(mutex_);

  // Never null: a project without one has the empty policy.
  std::shared_ptr<const Policy> of(std::int64_t project_id) const
      EXCLUDES(mutex_);
  // Does any of them demand signatures of what is pulled?
  bool any_pull_demand() const { return any_pull_demand_; }
  // Holds for every write that begins after this one's commit.
  void put(Transaction& tx, std::int64_t project_id, const Policy& policy);
  // With what is kept of its weight and its retention.
  void remove(Transaction& tx, std::int64_t project_id);

 private:
  void reload(std::int64_t project_id) EXCLUDES(mutex_);
  void note_demands() REQUIRES(mutex_);

  Database& db_;
  const std::shared_ptr<const Policy> none_ = std::make_shared<const Policy>();
  std::atomic<bool> any_pull_demand_ = false;
  mutable Mutex mutex_;
  std::unordered_map<std::int64_t, std::shared_ptr<const Policy>> known_
      GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
