// The webhooks there are: kept in the database, looked up in memory with each
// push.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "core/store/sqlite.h"
#include "notify/webhook.h"

namespace skerry::registry {

// Thread-safe.
class Webhooks {
 public:
  using List = std::vector<std::shared_ptr<const Webhook>>;

  Webhooks(Database& db, std::filesystem::path key_file)
      : db_(db), key_file_(std::move(key_file)) {}

  // Reads all of them; call after the migrations.
  void load() EXCLUDES(mutex_);

  // By id; never null.
  std::shared_ptr<const List> all() const EXCLUDES(mutex_);
  // Null when there is none.
  std::shared_ptr<const Webhook> find(std::int64_t id) const;
  // Those of a project, or of the whole server.
  List of(std::optional<std::int64_t> project_id) const;

  // These hold for every write that begins after this one's commit. Throw
  // conflict for a name that exists; too_large for one too many, of which all
  // may be at most `most`.
  std::int64_t add(Transaction& tx, const Webhook& webhook, UnixMillis now,
                   std::int64_t most);
  void change(Transaction& tx, const Webhook& webhook);
  // With what waits for it.
  void remove(Transaction& tx, std::int64_t id);
  void remove_project(Transaction& tx, std::int64_t project_id);

 private:
  std::string key() const;
  std::string sealed(const Webhook& webhook) const;
  List read_all() const;
  void reload_after(Transaction& tx);

  Database& db_;
  const std::filesystem::path key_file_;
  mutable Mutex mutex_;
  std::shared_ptr<const List> known_ GUARDED_BY(mutex_) =
      std::make_shared<const List>();
};

}  // namespace skerry::registry
