#include "store.h"

#include "core/error.h"

namespace skerry::cd {
namespace {

constexpr Migration kMigrations[] = {
    {1, R"sql(
      -- Argo CD Applications. Names are unique on the server, as in Argo CD.
      create table cd_application (
        id integer primary key,
        name text not null unique,
        project text not null,
        manifest text not null,      -- {metadata, spec} as JSON
        generation integer not null, -- grows with every change of manifest
        deleting integer not null default 0,
        running integer not null default 0, -- whether operation is running
        status text not null default '{}',
        operation text,              -- the running or the last sync, JSON
        pin text,                    -- a rollback that holds, JSON
        created integer not null,
        created_by text not null
      ) strict;
      create index cd_application_project on cd_application (project, name);
      -- What was deployed, latest last; number is what the API calls id.
      create table cd_history (
        application integer not null
          references cd_application (id) on delete cascade,
        number integer not null,
        revision text not null,
        started integer not null,
        deployed integer not null,
        initiated_by text not null,
        manifest text not null,
        resolved text not null,
        primary key (application, number)
      ) strict, without rowid;
      -- What a target without a memory of its own was told to hold.
      create table cd_applied (
        application integer not null
          references cd_application (id) on delete cascade,
        key text not null,
        object text not null,
        primary key (application, key)
      ) strict, without rowid;
    )sql"},
    {2, R"sql(
      -- The images that an entry runs, a JSON list; null: not known.
      alter table cd_history add column images text;
    )sql"},
};

Json status_json(const Status& status) {
  return {{"sync", status.sync},
          {"health", status.health},
          {"message", status.message},
          {"resolved", to_json(status.resolved)},
          {"notices", status.notices}};
}

Status status_from(const Json& value) {
  Status status;
  status.sync = optional_string(value, "sync", "Unknown");
  status.health = optional_string(value, "health", "Unknown");
  status.message = optional_string(value, "message");
  if (value.contains("resolved")) {
    status.resolved = resolved_from_json(value["resolved"]);
  }
  if (value.contains("notices")) {
    status.notices = value["notices"].get<std::vector<std::string>>();
  }
  return status;
}

constexpr const char* kFindSql =
    "select id, generation, manifest, status, operation, pin, deleting,"
    " created, created_by from cd_application where name = ?";
constexpr const char* kListSql =
    "select id, generation, manifest, status, operation, pin, deleting,"
    " created, created_by from cd_application where project = ?"
    " order by name";

Record record_from(const Rows& row) {
  Record record;
  record.id = row.integer(0);
  record.generation = row.integer(1);
  record.app = parse_stored(parse_json(row.text(2)));
  record.status = status_from(parse_json(row.text(3)));
  if (const auto text = row.optional_text(4)) {
    record.operation = operation_from_json(parse_json(*text));
  }
  if (const auto text = row.optional_text(5)) {
    const Json value = parse_json(*text);
    record.pin = Pin{optional_int(value, "history_id", 0),
                     value.at("manifest"),
                     resolved_from_json(value.at("resolved")),
                     optional_string(value, "blocked")};
  }
  record.deleting = row.integer(6) != 0;
  record.created = row.integer(7);
  record.created_by = row.text(8);
  return record;
}

}  // namespace

std::span<const Migration> Store::migrations() { return kMigrations; }

std::optional<Head> Store::head(std::string_view name) {
  return db_.read([&](Connection& c) -> std::optional<Head> {
    auto row = c.query(
        "select id, generation, deleting, running from cd_application"
        " where name = ?", name);
    if (!row.next()) return std::nullopt;
    return Head{row.integer(0), row.integer(1), row.integer(2) != 0,
                row.integer(3) != 0};
  });
}

std::optional<Record> Store::find(std::string_view name) {
  return db_.read([&](Connection& c) -> std::optional<Record> {
    auto row = c.query(kFindSql, name);
    if (!row.next()) return std::nullopt;
    return record_from(row);
  });
}

std::vector<std::string> Store::names() {
  return db_.read([&](Connection& c) {
    std::vector<std::string> result;
    auto row = c.query("select name from cd_application order by name");
    while (row.next()) result.push_back(row.text(0));
    return result;
  });
}

std::vector<Record> Store::of_project(std::string_view project) {
  return db_.read([&](Connection& c) {
    std::vector<Record> result;
    auto row = c.query(kListSql, project);
    while (row.next()) result.push_back(record_from(row));
    return result;
  });
}

std::int64_t Store::create(Transaction& tx, const Application& app,
                           UnixMillis now, std::string_view by) {
  {
    auto row = tx.query("select 1 from cd_application where name = ?",
                        app.name);
    if (row.next()) {
      fail(ErrorCode::conflict, "an application {} exists already", app.name);
    }
  }
  tx.run("insert into cd_application (name, project, manifest, generation,"
         " created, created_by) values (?, ?, ?, 1, ?, ?)",
         app.name, app.project, app.manifest.dump(), now, by);
  return tx.last_insert_id();
}

void Store::change(Transaction& tx, std::int64_t id, const Application& app) {
  tx.run("update cd_application set manifest = ?, generation = generation + 1"
         " where id = ?", app.manifest.dump(), id);
}

void Store::mark_deleting(Transaction& tx, std::int64_t id) {
  tx.run("update cd_application set deleting = 1,"
         " generation = generation + 1 where id = ?", id);
}

void Store::remove(Transaction& tx, std::int64_t id) {
  tx.run("delete from cd_history where application = ?", id);
  tx.run("delete from cd_applied where application = ?", id);
  tx.run("delete from cd_application where id = ?", id);
}

void Store::save_status(Transaction& tx, std::int64_t id,
                        const Status& status) {
  tx.run("update cd_application set status = ? where id = ?",
         status_json(status).dump(), id);
}

void Store::save_operation(Transaction& tx, std::int64_t id,
                           const std::optional<Operation>& operation) {
  const std::optional<std::string> text =
      operation ? std::optional(to_json(*operation).dump()) : std::nullopt;
  tx.run("update cd_application set operation = ?, running = ? where id = ?",
         text, operation && operation->running() ? 1 : 0, id);
}

void Store::save_pin(Transaction& tx, std::int64_t id,
                     const std::optional<Pin>& pin) {
  std::optional<std::string> text;
  if (pin) {
    text = Json({{"history_id", pin->history_id},
                 {"manifest", pin->manifest},
                 {"resolved", to_json(pin->resolved)},
                 {"blocked", pin->blocked}})
               .dump();
  }
  tx.run("update cd_application set pin = ?, generation = generation + 1"
         " where id = ?", text, id);
}

void Store::add_history(Transaction& tx, std::int64_t id,
                        const HistoryEntry& entry, std::size_t limit) {
  const std::optional<std::string> images =
      entry.images ? std::optional(Json(*entry.images).dump()) : std::nullopt;
  tx.run("insert into cd_history (application, number, revision, started,"
         " deployed, initiated_by, manifest, resolved, images)"
         " select ?1, coalesce(max(number) + 1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8"
         " from cd_history where application = ?1",
         id, entry.revision, entry.started, entry.deployed, entry.initiated_by,
         entry.manifest.dump(), to_json(entry.resolved).dump(), images);
  tx.run("delete from cd_history where application = ?1 and number <="
         " (select max(number) from cd_history where application = ?1) - ?2",
         id, std::max<std::size_t>(limit, 1));
}

std::vector<HistoryEntry> Store::history(std::int64_t id) {
  return db_.read([&](Connection& c) {
    std::vector<HistoryEntry> result;
    auto row = c.query(
        "select number, revision, deployed, started, initiated_by, manifest,"
        " resolved, images from cd_history where application = ?"
        " order by number desc", id);
    while (row.next()) {
      HistoryEntry entry{row.integer(0), row.text(1), row.integer(2),
                         row.integer(3), row.text(4), parse_json(row.text(5)),
                         resolved_from_json(parse_json(row.text(6)))};
      if (const auto images = row.optional_text(7)) {
        entry.images =
            parse_json(*images).get<std::set<std::string>>();
      }
      result.push_back(std::move(entry));
    }
    return result;
  });
}

std::optional<std::set<std::string>> Store::images() {
  return db_.read([&](Connection& c) -> std::optional<std::set<std::string>> {
    std::set<std::string> result;
    auto row = c.query("select images from cd_history");
    while (row.next()) {
      const auto text = row.optional_text(0);
      if (!text) return std::nullopt;
      for (const Json& image : parse_json(*text)) {
        result.insert(image.get<std::string>());
      }
    }
    return result;
  });
}

std::vector<Json> Store::all(std::int64_t application) {
  return db_.read([&](Connection& c) {
    std::vector<Json> result;
    auto row = c.query(
        "select object from cd_applied where application = ? order by key",
        application);
    while (row.next()) result.push_back(parse_json(row.text(0)));
    return result;
  });
}

void Store::touch(std::int64_t application) {
  MutexLock lock(mutex_);
  ++versions_[application];
}

std::int64_t Store::version(std::int64_t application) {
  MutexLock lock(mutex_);
  const auto it = versions_.find(application);
  return it == versions_.end() ? 0 : it->second;
}

void Store::put(std::int64_t application, const ResourceKey& key,
                const Json& object) {
  db_.write([&](Transaction& tx) {
    tx.run("insert into cd_applied (application, key, object)"
           " values (?1, ?2, ?3)"
           " on conflict do update set object = ?3",
           application, key.to_string(), object.dump());
  });
  touch(application);
}

void Store::erase(std::int64_t application, const ResourceKey& key) {
  db_.write([&](Transaction& tx) {
    tx.run("delete from cd_applied where application = ? and key = ?",
           application, key.to_string());
  });
  touch(application);
}

}  // namespace skerry::cd
