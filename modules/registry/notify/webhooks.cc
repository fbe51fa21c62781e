#include "notify/webhooks.h"

#include <algorithm>

#include "core/config/secret_box.h"
#include "core/error.h"
#include "core/os/file.h"
#include "core/os/random.h"

namespace skerry::registry {
namespace {

// Of one project, or of the whole server.
constexpr std::int64_t kMostOfOne = 20;

std::int64_t count(Transaction& tx, std::optional<std::int64_t> project_id) {
  auto row = tx.query(
      "select count(*) from registry_webhook where project_id is ?",
      project_id);
  return row.next() ? row.integer(0) : 0;
}

std::int64_t count_all(Transaction& tx) {
  auto row = tx.query("select count(*) from registry_webhook");
  return row.next() ? row.integer(0) : 0;
}

void refuse_twin(Transaction& tx, const Webhook& webhook) {
  auto row = tx.query(
      "select 1 from registry_webhook "
      "where project_id is ? and name = ? and id <> ?",
      webhook.project_id, webhook.name, webhook.id);
  if (row.next()) {
    fail(ErrorCode::conflict, "name: there is a webhook '{}'", webhook.name);
  }
}

}  // namespace

// The key that seals secret settings too.
std::string Webhooks::key() const {
  if (!std::filesystem::exists(key_file_)) {
    std::filesystem::create_directories(key_file_.parent_path());
    write_file_atomically(key_file_, random_bytes(32), 0600);
  }
  auto key = read_file(key_file_, 32);
  if (key.size() != 32) {
    fail(ErrorCode::unavailable,
         "{} must hold 32 bytes; restore it from a backup",
         key_file_.native());
  }
  return key;
}

std::string Webhooks::sealed(const Webhook& webhook) const {
  return seal(key(), secrets_json(webhook).dump());
}

Webhooks::List Webhooks::read_all() const {
  return db_.read([&](Connection& db) {
    List list;
    auto row = db.query(
        "select id, project_id, document, sealed from registry_webhook "
        "order by id");
    while (row.next()) {
      Webhook webhook = change_webhook({}, parse_json(row.text(2)));
      webhook.id = row.integer(0);
      webhook.project_id = row.optional_integer(1);
      try {
        read_secrets(webhook, parse_json(unseal(key(), row.text(3))));
      } catch (const Error& error) {
        webhook.broken = fmt::format(
            "its headers and secret cannot be read, set them again: {}",
            error.what());
      }
      list.push_back(std::make_shared<const Webhook>(std::move(webhook)));
    }
    return list;
  });
}

// Reads under the mutex: of two that change something, the last to come here
// finds what was committed last.
void Webhooks::load() {
  MutexLock lock(mutex_);
  known_ = std::make_shared<const List>(read_all());
}

void Webhooks::reload_after(Transaction& tx) {
  tx.after_commit([this] { load(); });
}

std::shared_ptr<const Webhooks::List> Webhooks::all() const {
  MutexLock lock(mutex_);
  return known_;
}

std::shared_ptr<const Webhook> Webhooks::find(std::int64_t id) const {
  const auto list = all();
  const auto it =
      std::find_if(list->begin(), list->end(),
                   [&](const auto& webhook) { return webhook->id == id; });
  return it == list->end() ? nullptr : *it;
}

Webhooks::List Webhooks::of(std::optional<std::int64_t> project_id) const {
  List some;
  const auto list = all();
  for (const auto& webhook : *list) {
    if (webhook->project_id == project_id) some.push_back(webhook);
  }
  return some;
}

std::int64_t Webhooks::add(Transaction& tx, const Webhook& webhook,
                           UnixMillis now, std::int64_t most) {
  refuse_twin(tx, webhook);
  if (count(tx, webhook.project_id) >= kMostOfOne) {
    fail(ErrorCode::too_large, "there are {} webhooks {}; more are not taken",
         kMostOfOne,
         webhook.project_id ? "of this project" : "of the whole server");
  }
  if (count_all(tx) >= most) {
    fail(ErrorCode::too_large,
         "there are {} webhooks; more are not taken (registry.max_webhooks)",
         most);
  }
  tx.run(
      "insert into registry_webhook (project_id, name, document, sealed, "
      "created) values (?, ?, ?, ?, ?)",
      webhook.project_id, webhook.name, settings_json(webhook).dump(),
      sealed(webhook), now);
  reload_after(tx);
  return tx.last_insert_id();
}

void Webhooks::change(Transaction& tx, const Webhook& webhook) {
  refuse_twin(tx, webhook);
  if (tx.run("update registry_webhook set name = ?, document = ?, sealed = ? "
             "where id = ?",
             webhook.name, settings_json(webhook).dump(), sealed(webhook),
             webhook.id) == 0) {
    fail(ErrorCode::not_found, "there is no webhook {}", webhook.id);
  }
  reload_after(tx);
}

void Webhooks::remove(Transaction& tx, std::int64_t id) {
  tx.run("delete from registry_webhook where id = ?", id);
  reload_after(tx);
}

void Webhooks::remove_project(Transaction& tx, std::int64_t project_id) {
  if (tx.run("delete from registry_webhook where project_id = ?",
             project_id) > 0) {
    reload_after(tx);
  }
}

}  // namespace skerry::registry
