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
      "select parent from registry_reference "
      "where repository_id = ? and child = ? limit 1",
      repository, digest);
  if (!row.next()) return {};
  return row.text(0);
}

std::vector<BlobHolder> blob_holders(Connection& db, std::string_view digest,
                                     std::int64_t project_id, int limit) {
  auto row = db.query(
      "select r.project, r.name, b.size from registry_blob b "
      "join registry_repository r on r.id = b.repository_id "
      "where b.digest = ? order by r.project_id <> ? limit ?",
      digest, project_id, limit);
  std::vector<BlobHolder> found;
  while (row.next()) found.push_back({row.text(0), row.text(1), row.integer(2)});
  return found;
}

}  // namespace skerry::registry
