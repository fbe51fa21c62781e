#include "core/s3/index.h"

namespace skerry::s3 {
namespace {

// Of digest, size, modified, marker.
Index::Row row_of(const Rows& row) {
  return {Digest::parse(row.text(0)).value(),
          static_cast<std::uint64_t>(row.integer(1)), row.integer(2),
          row.text(3)};
}

std::optional<Index::Row> find_in(Connection& db, const Digest& digest) {
  auto row = db.query(
      "select digest, size, modified, marker from s3_blob where digest = ?",
      digest.to_string());
  if (!row.next()) return std::nullopt;
  return row_of(row);
}

}  // namespace

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
      {2, R"sql(
        alter table s3_blob add column marker text not null default '';
      )sql"},
  };
  return kMigrations;
}

std::optional<Index::Row> Index::find(const Digest& digest) const {
  return db_.read([&](Connection& db) { return find_in(db, digest); });
}

std::optional<std::uint64_t> Index::size(const Digest& digest) const {
  const auto row = find(digest);
  return row ? std::optional(row->size) : std::nullopt;
}

std::optional<std::string> Index::add(const Row& row) {
  return db_.write([&](Transaction& tx) -> std::optional<std::string> {
    const auto former = find_in(tx.connection(), row.digest);
    tx.run(
        "insert into s3_blob (digest, size, modified, marker) "
        "values (?, ?, ?, ?) on conflict (digest) do update set "
        "size = excluded.size, marker = excluded.marker",
        row.digest.to_string(), row.size, row.modified, row.marker);
    if (!former || former->marker == row.marker) return std::nullopt;
    return former->marker;
  });
}

std::optional<Index::Row> Index::remove(const Digest& digest) {
  auto rows = remove(std::span(&digest, 1));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows[0]));
}

std::vector<Index::Row> Index::remove(std::span<const Digest> digests) {
  std::vector<Row> removed;
  db_.write([&](Transaction& tx) {
    removed.clear();
    for (const auto& digest : digests) {
      auto row = find_in(tx.connection(), digest);
      if (!row) continue;
      tx.run("delete from s3_blob where digest = ?", digest.to_string());
      removed.push_back(std::move(*row));
    }
  });
  return removed;
}

std::vector<Index::Row> Index::after(const std::string& last, int most) const {
  return db_.read([&](Connection& db) {
    auto row = db.query(
        "select digest, size, modified, marker from s3_blob where digest > ? "
        "order by digest limit ?",
        last, most);
    std::vector<Row> found;
    while (row.next()) found.push_back(row_of(row));
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
