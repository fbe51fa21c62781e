#include "blobs/blob_rows.h"

namespace skerry::registry {

std::optional<std::int64_t> find_blob(Connection& db, const Place& place,
                                      std::string_view digest) {
  auto row = db.query(
      "select b.size from registry_repository r join registry_blob b "
      "on b.repository_id = r.id and b.digest = ? "
      "where r.project_id = ? and r.name = ?",
      digest, place.project_id, place.repository);
  if (!row.next()) return {};
  return row.integer(0);
}

std::optional<std::int64_t> find_blob(Connection& db, std::int64_t repository,
                                      std::string_view digest) {
  auto row = db.query(
      "select size from registry_blob where repository_id = ? and digest = ?",
      repository, digest);
  if (!row.next()) return {};
  return row.integer(0);
}

std::optional<BlobLink> find_link(Connection& db, const Place& place,
                                  std::string_view digest, UnixMillis young) {
  auto row = db.query(
      "select b.size, b.linked < ? and not exists "
      " (select 1 from registry_reference f join registry_manifest m "
      "  on m.repository_id = f.repository_id and m.digest = f.parent "
      "  where f.repository_id = r.id and f.child = b.digest) "
      "from registry_repository r join registry_blob b "
      "on b.repository_id = r.id and b.digest = ? "
      "where r.project_id = ? and r.name = ?",
      young, digest, place.project_id, place.repository);
  if (!row.next()) return {};
  return BlobLink{row.integer(0), row.integer(1) != 0};
}

void renew_link(Transaction& tx, const Place& place, std::string_view digest,
                UnixMillis now) {
  tx.run(
      "update registry_blob set linked = ? where digest = ? and "
      "repository_id = (select id from registry_repository "
      "where project_id = ? and name = ?)",
      now, digest, place.project_id, place.repository);
}

void link_blob(Transaction& tx, std::int64_t repository,
               std::string_view digest, std::int64_t size, UnixMillis now) {
  tx.run(
      "insert into registry_blob (repository_id, digest, size, linked) "
      "values (?, ?, ?, ?) on conflict (repository_id, digest) "
      "do update set linked = excluded.linked",
      repository, digest, size, now);
}

bool unlink_blob(Transaction& tx, std::int64_t repository,
                 std::string_view digest) {
  return tx.run(
             "delete from registry_blob where repository_id = ? and digest = ?",
             repository, digest) > 0;
}

std::optional<std::string> blob_user(Connection& db, std::int64_t repository,
                                     std::string_view digest) {
  auto row = db.query(
      "select f.parent from registry_reference f join registry_manifest m "
      "on m.repository_id = f.repository_id and m.digest = f.parent "
      "where f.repository_id = ? and f.child = ? limit 1",
      repository, digest);
  if (!row.next()) return {};
  return row.text(0);
}

std::vector<StaleLink> stale_links(Connection& db, UnixMillis until,
                                   UnixMillis purged_until,
                                   const StaleLink& last, std::size_t limit) {
  auto row = db.query(
      "select b.repository_id, b.digest, r.project || '/' || r.name "
      "from registry_blob b "
      "join registry_repository r on r.id = b.repository_id "
      "where (b.repository_id, b.digest) > (?, ?) and b.linked <= ? "
      "and not exists (select 1 from registry_reference f "
      " where f.repository_id = b.repository_id and f.child = b.digest "
      " and not exists (select 1 from registry_deleted d "
      "  where d.repository_id = f.repository_id and d.digest = f.parent "
      "  and d.tag is null and d.deleted <= ?)) "
      "order by b.repository_id, b.digest limit ?",
      last.repository, last.digest, until, purged_until, limit);
  std::vector<StaleLink> found;
  while (row.next()) found.push_back({row.integer(0), row.text(1), row.text(2)});
  return found;
}

bool unlink_stale(Transaction& tx, const StaleLink& link, UnixMillis until) {
  return tx.run(
             "delete from registry_blob where repository_id = ?1 "
             "and digest = ?2 and linked <= ?3 and not exists "
             "(select 1 from registry_reference "
             " where repository_id = ?1 and child = ?2)",
             link.repository, link.digest, until) > 0;
}

std::int64_t count_links(Connection& db, std::string_view digest) {
  auto row =
      db.query("select count(*) from registry_blob where digest = ?", digest);
  return row.next() ? row.integer(0) : 0;
}

std::optional<std::string> blob_keeper(Connection& db,
                                       std::string_view digest) {
  auto row = db.query(
      "select r.project || '/' || r.name from registry_blob b "
      "join registry_repository r on r.id = b.repository_id "
      "where b.digest = ? limit 1",
      digest);
  if (!row.next()) return {};
  return row.text(0);
}

std::vector<Place> blob_holders(Connection& db, std::string_view digest,
                                std::int64_t project_id, int limit) {
  auto row = db.query(
      "select r.project_id, r.project, r.name from registry_blob b "
      "join registry_repository r on r.id = b.repository_id "
      "where b.digest = ? order by r.project_id <> ? limit ?",
      digest, project_id, limit);
  std::vector<Place> found;
  while (row.next()) found.push_back({row.integer(0), row.text(1), row.text(2)});
  return found;
}

}  // namespace skerry::registry
