#include "policy/policies.h"

#include <string>
#include <utility>

namespace skerry::registry {
namespace {

std::shared_ptr<const Policy> stored_policy(const std::string& document) {
  return std::make_shared<const Policy>(parse_policy(parse_json(document)));
}

}  // namespace

void Policies::load() {
  MutexLock lock(mutex_);
  known_ = db_.read([](Connection& db) {
    std::unordered_map<std::int64_t, std::shared_ptr<const Policy>> found;
    auto row = db.query("select project_id, document from registry_policy");
    while (row.next()) found[row.integer(0)] = stored_policy(row.text(1));
    return found;
  });
  note_demands();
}

void Policies::note_demands() {
  bool any = false;
  for (const auto& [project, policy] : known_) {
    any = any || policy->signatures.demand == SignaturePolicy::Demand::pull;
  }
  any_pull_demand_ = any;
}

// Reads under the mutex: of two that change one policy, the last to come here
// finds what was committed last.
void Policies::reload(std::int64_t project_id) {
  MutexLock lock(mutex_);
  auto policy = db_.read([&](Connection& db) {
    auto row = db.query(
        "select document from registry_policy where project_id = ?",
        project_id);
    return row.next() ? stored_policy(row.text(0)) : nullptr;
  });
  known_.erase(project_id);
  if (policy) known_.emplace(project_id, std::move(policy));
  note_demands();
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
