#include "core/s3/index.h"

namespace skerry::s3 {

std::span<const Migration> Index::migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table s3_blob (
          digest   text primary key,
          size     integer not null,
          modified integer not null   -- ms since 1970
        ) without rowid;
        create table s3_upload (      -- in parts, begun and not ended
          id  text primary key,
          key text not null
        ) without rowid;
        create table s3_fact (
          name  text primary key,
          value text not null
        ) without rowid;
      )sql"},
  };
  return kMigrations;
}

std::optional<std::uint64_t> Index::size(const Digest& digest) const {
  return db_.read([&](Connection& db) -> std::optional<std::uint64_t> {
    auto row = db.query("select size from s3_blob where digest = ?",
                        digest.to_string());
    if (!row.next()) return std::nullopt;
    return static_cast<std::uint64_t>(row.integer(0));
  });
}

void Index::add(const Row& row) {
  db_.write([&](Transaction& tx) {
    tx.run(
        "insert into s3_blob (digest, size, modified) values (?, ?, ?) "
        "on conflict (digest) do update set size = excluded.size",
        row.digest.to_string(), row.size, row.modified);
  });
}

bool Index::remove(const Digest& digest) {
  return !remove(std::span(&digest, 1)).empty();
}

std::vector<Digest> Index::remove(std::span<const Digest> digests) {
  std::vector<Digest> removed;
  db_.write([&](Transaction& tx) {
    removed.clear();
    for (const auto& digest : digests) {
      if (tx.run("delete from s3_blob where digest = ?", digest.to_string()) >
          0) {
        removed.push_back(digest);
      }
    }
  });
  return removed;
}

std::vector<Index::Row> Index::after(const std::string& last, int most) const {
  return db_.read([&](Connection& db) {
    auto row = db.query(
        "select digest, size, modified from s3_blob where digest > ? "
        "order by digest limit ?",
        last, most);
    std::vector<Row> found;
    while (row.next()) {
      found.push_back({Digest::parse(row.text(0)).value(),
                       static_cast<std::uint64_t>(row.integer(1)),
                       row.integer(2)});
    }
    return found;
  });
}

bool Index::empty() const { return after("", 1).empty(); }

std::optional<std::string> Index::fact(std::string_view name) const {
  return db_.read([&](Connection& db) -> std::optional<std::string> {
    auto row = db.query("select value from s3_fact where name = ?", name);
    if (!row.next()) return std::nullopt;
    return row.text(0);
  });
}

void Index::set_fact(std::string_view name, std::string_view value) {
  db_.write([&](Transaction& tx) {
    tx.run(
        "insert into s3_fact (name, value) values (?, ?) "
        "on conflict (name) do update set value = excluded.value",
        name, value);
  });
}

void Index::begin_upload(const Upload& upload) {
  db_.write([&](Transaction& tx) {
    tx.run("insert or replace into s3_upload (id, key) values (?, ?)",
           upload.id, upload.key);
  });
}

void Index::end_upload(const std::string& id) {
  db_.write(
      [&](Transaction& tx) { tx.run("delete from s3_upload where id = ?", id); });
}

std::vector<Index::Upload> Index::uploads() const {
  return db_.read([](Connection& db) {
    auto row = db.query("select key, id from s3_upload");
    std::vector<Upload> found;
    while (row.next()) found.push_back({row.text(0), row.text(1)});
    return found;
  });
}

}  // namespace skerry::s3
