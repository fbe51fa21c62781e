// The applications' rows. Nothing here decides anything.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "application.h"
#include "core/os/mutex.h"
#include "core/store/sqlite.h"
#include "health.h"
#include "operation.h"
#include "target/applied_objects.h"

namespace skerry::cd {

// What the last comparison found.
struct Status {
  std::string sync = "Unknown";
  std::string health = "Unknown";
  std::string message;
  std::vector<Resolved> resolved;
  std::vector<std::string> notices{};  // Comparison::notices
  bool operator==(const Status& other) const {
    return sync == other.sync && health == other.health &&
           message == other.message && notices == other.notices &&
           to_json(resolved) == to_json(other.resolved);
  }
};

// A rollback holds the application at an entry of its history until someone
// syncs or changes it, or the revision that was rolled back from moves on.
struct Pin {
  std::int64_t history_id = 0;
  Json manifest;  // of the application at that entry
  std::vector<Resolved> resolved;
  std::string blocked;  // operation_input() of what is not synced meanwhile
};

struct Record {
  std::int64_t id = 0;
  std::int64_t generation = 0;  // grows with every change of the manifest
  std::shared_ptr<const Application> app;
  std::optional<Pin> pin;
  Status status;
  std::optional<Operation> operation;  // the running or the last one
  bool deleting = false;
  UnixMillis created = 0;
  std::string created_by;
};

// The part of a record that a reconcile looks at each time.
struct Head {
  std::int64_t id = 0, generation = 0;
  bool deleting = false, running = false;
};

struct HistoryEntry {
  std::int64_t id = 0;
  std::string revision;
  UnixMillis deployed = 0, started = 0;
  std::string initiated_by;
  Json manifest;
  std::vector<Resolved> resolved;
  std::optional<std::set<std::string>> images{};  // unset: not known
};

// Thread-safe. Functions that take a Transaction are part of the caller's.
class Store : public AppliedObjects {
 public:
  explicit Store(Database& db) : db_(db) {}
  static std::span<const Migration> migrations();

  std::optional<Head> head(std::string_view name);
  std::optional<Record> find(std::string_view name);
  std::vector<std::string> names();
  std::vector<Record> of_project(std::string_view project);

  // Throws conflict when the name is taken, in any project.
  std::int64_t create(Transaction& tx, const Application& app,
                      UnixMillis now, std::string_view by);
  void change(Transaction& tx, std::int64_t id, const Application& app);
  void mark_deleting(Transaction& tx, std::int64_t id);
  void remove(Transaction& tx, std::int64_t id);
  void save_status(Transaction& tx, std::int64_t id, const Status& status);
  void save_operation(Transaction& tx, std::int64_t id,
                      const std::optional<Operation>& operation);
  void save_pin(Transaction& tx, std::int64_t id, const std::optional<Pin>& pin);

  // Adds an entry and drops those past `limit`.
  void add_history(Transaction& tx, std::int64_t id, const HistoryEntry& entry,
                   std::size_t limit);
  std::vector<HistoryEntry> history(std::int64_t id);  // latest first
  // The images of all histories; nothing when one of them is not known.
  std::optional<std::set<std::string>> images();

  std::vector<Json> all(std::int64_t application) override;
  void put(std::int64_t application, const ResourceKey& key,
           const Json& object) override;
  void erase(std::int64_t application, const ResourceKey& key) override;
  std::int64_t version(std::int64_t application) override;

  Database& database() { return db_; }

 private:
  void touch(std::int64_t application);
  Database& db_;
  Mutex mutex_;
  std::map<std::int64_t, std::int64_t> versions_ GUARDED_BY(mutex_);
};

}  // namespace skerry::cd
