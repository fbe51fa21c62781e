#include "policy/policies.h"

#include <string>

namespace skerry::registry {

void Policies::load() {
  MutexLock lock(mutex_);
  known_.clear();
  db_.read([&](Connection& db) {
    auto row = db.query("select project_id, document from registry_policy");
    while (row.next()) {
      known_[row.integer(0)] = std::make_shared<const Policy>(
          parse_policy(parse_json(row.text(1))));
    }
  });
}

// Reads under the mutex: of two that change one policy, the last to come here
// finds what was committed last.
void Policies::reload(std::int64_t project_id) {
  MutexLock lock(mutex_);
  known_.erase(project_id);
  db_.read([&](Connection& db) {
    auto row = db.query(
        "select document from registry_policy where project_id = ?",
        project_id);
    if (!row.next()) return;
    known_[project_id] =
        std::make_shared<const Policy>(parse_policy(parse_json(row.text(0))));
  });
}

std::shared_ptr<const Policy> Policies::of(std::int64_t project_id) const {
  MutexLock lock(mutex_);
  const auto it = known_.find(project_id);
  return it == known_.end() ? none_ : it->second;
}

void Policies::put(Transaction& tx, std::int64_t project_id,
                   const Policy& policy) {
  tx.run(
      "insert into registry_policy (project_id, document) values (?, ?) "
      "on conflict do update set document = excluded.document",
      project_id, to_json(policy).dump());
  tx.after_commit([this, project_id] { reload(project_id); });
}

void Policies::remove(Transaction& tx, std::int64_t project_id) {
  tx.run("delete from registry_policy where project_id = ?", project_id);
  tx.run("delete from registry_usage where project_id = ?", project_id);
  tx.run("delete from registry_retention where project_id = ?", project_id);
  tx.after_commit([this, project_id] { reload(project_id); });
}

}  // namespace skerry::registry
