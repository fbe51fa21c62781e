#include "manifests/manifest_rows.h"

#include "manifests/deleted_rows.h"

namespace skerry::registry {
namespace {

std::optional<StoredManifest> first_manifest(Rows row) {
  if (!row.next()) return {};
  return StoredManifest{row.text(0), row.text(1), row.text(2)};
}

}  // namespace

std::optional<StoredManifest> load_by_digest(Connection& db, const Place& place,
                                             std::string_view digest) {
  return first_manifest(
      db.query("select m.digest, m.media_type, c.bytes "
               "from registry_repository r "
               "join registry_manifest m on m.repository_id = r.id "
               " and m.digest = ? "
               "join registry_content c on c.digest = m.digest "
               "where r.project_id = ? and r.name = ?",
               digest, place.project_id, place.repository));
}

std::optional<StoredManifest> load_by_tag(Connection& db, const Place& place,
                                          std::string_view tag) {
  return first_manifest(
      db.query("select m.digest, m.media_type, c.bytes "
               "from registry_repository r "
               "join registry_tag t on t.repository_id = r.id and t.name = ? "
               "join registry_manifest m on m.repository_id = r.id "
               " and m.digest = t.digest "
               "join registry_content c on c.digest = m.digest "
               "where r.project_id = ? and r.name = ?",
               tag, place.project_id, place.repository));
}

std::optional<ChildFacts> find_child(Connection& db, std::int64_t repository,
                                     std::string_view digest) {
  auto row = db.query(
      "select total_size, depth from registry_manifest "
      "where repository_id = ? and digest = ?",
      repository, digest);
  if (!row.next()) return {};
  return ChildFacts{row.integer(0), row.integer(1)};
}

void put_manifest(Transaction& tx, std::int64_t repository,
                  const ManifestRow& row, std::string_view bytes,
                  const std::vector<std::string>& references) {
  forget_deleted_manifest(tx, repository, row.digest);
  tx.run(
      "insert into registry_content (digest, bytes) values (?, ?) "
      "on conflict (digest) do nothing",
      row.digest, bytes);
  tx.run(
      "insert into registry_manifest (repository_id, digest, media_type, size, "
      "total_size, depth, subject, artifact_type, annotations, pushed) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "on conflict (repository_id, digest) do update set "
      "media_type = excluded.media_type, total_size = excluded.total_size, "
      "depth = excluded.depth, subject = excluded.subject, "
      "artifact_type = excluded.artifact_type, "
      "annotations = excluded.annotations, pushed = excluded.pushed",
      repository, row.digest, row.media_type, row.size, row.total_size,
      row.depth, row.subject, row.artifact_type, row.annotations, row.pushed);
  for (const auto& child : references) {
    tx.run(
        "insert into registry_reference (repository_id, parent, child) "
        "values (?, ?, ?) on conflict do nothing",
        repository, row.digest, child);
  }
}

void put_tag(Transaction& tx, std::int64_t repository, std::string_view tag,
             std::string_view digest, UnixMillis now) {
  tx.run(
      "insert into registry_tag (repository_id, name, digest, pushed) "
      "values (?, ?, ?, ?) on conflict (repository_id, name) "
      "do update set digest = excluded.digest, pushed = excluded.pushed",
      repository, tag, digest, now);
}

std::optional<std::string> tag_digest(Connection& db, std::int64_t repository,
                                      std::string_view tag) {
  auto row = db.query(
      "select digest from registry_tag where repository_id = ? and name = ?",
      repository, tag);
  if (!row.next()) return {};
  return row.text(0);
}

std::vector<std::string> tag_names(Connection& db, std::int64_t repository,
                                   std::string_view after, std::size_t limit) {
  auto row = db.query(
      "select name from registry_tag where repository_id = ? and name > ? "
      "order by name limit ?",
      repository, after, limit);
  std::vector<std::string> names;
  while (row.next()) names.push_back(row.text(0));
  return names;
}

std::vector<ManifestRow> referrers(Connection& db, std::int64_t repository,
                                   std::string_view subject,
                                   std::string_view after, std::size_t limit,
                                   const std::optional<std::string>& type) {
  auto row = db.query(
      "select digest, media_type, size, artifact_type, annotations, pushed "
      "from registry_manifest where repository_id = ? and subject = ? "
      "and digest > ? and (? is null or artifact_type = ?) "
      "order by digest limit ?",
      repository, subject, after, type, type, limit);
  std::vector<ManifestRow> found;
  while (row.next()) {
    ManifestRow one;
    one.digest = row.text(0);
    one.media_type = row.text(1);
    one.size = row.integer(2);
    one.artifact_type = row.text(3);
    one.annotations = row.text(4);
    one.pushed = row.integer(5);
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace skerry::registry
