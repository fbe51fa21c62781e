#include "manifests/deleted_rows.h"

#include "core/text/json.h"

namespace skerry::registry {
namespace {

constexpr std::string_view kSelect =
    "select d.id, r.project_id, r.project, r.name, d.repository_id, d.digest, "
    "d.tag, d.tags, d.total_size, d.pushed, d.deleted, d.actor "
    "from registry_deleted d join registry_repository r "
    "on r.id = d.repository_id ";

DeletedRow read_row(const Rows& row) {
  DeletedRow found;
  found.id = row.integer(0);
  found.place = {row.integer(1), row.text(2), row.text(3)};
  found.repository = row.integer(4);
  found.digest = row.text(5);
  found.tag = row.optional_text(6);
  for (const Json& tag : parse_json(row.text(7))) {
    found.tags.emplace_back(tag[0].get<std::string>(),
                            tag[1].get<std::int64_t>());
  }
  found.total_size = row.integer(8);
  found.pushed = row.integer(9);
  found.deleted = row.integer(10);
  found.actor = row.text(11);
  return found;
}

std::string tags_of(Transaction& tx, std::int64_t repository,
                    std::string_view digest) {
  Json tags = Json::array();
  auto row = tx.query(
      "select name, pushed "
      "from registry_tag indexed by registry_tag_by_digest "
      "where repository_id = ? and digest = ?",
      repository, digest);
  while (row.next()) tags.push_back({row.text(0), row.integer(1)});
  return tags.dump();
}

}  // namespace

std::optional<DeletedRow> delete_manifest(Transaction& tx,
                                          std::int64_t repository,
                                          std::string_view digest,
                                          std::string_view actor,
                                          UnixMillis now) {
  const auto tags = tags_of(tx, repository, digest);
  const auto moved = tx.run(
      "insert into registry_deleted (repository_id, digest, tags, media_type, "
      "size, total_size, depth, subject, artifact_type, annotations, pushed, "
      "deleted, actor) select repository_id, digest, ?, media_type, size, "
      "total_size, depth, subject, artifact_type, annotations, pushed, ?, ? "
      "from registry_manifest where repository_id = ? and digest = ?",
      tags, now, actor, repository, digest);
  if (moved == 0) return {};
  const auto id = tx.last_insert_id();
  tx.run("delete from registry_tag where repository_id = ? and digest = ?",
         repository, digest);
  tx.run("delete from registry_manifest where repository_id = ? and digest = ?",
         repository, digest);
  return find_deleted(tx.connection(), id);
}

std::optional<DeletedRow> delete_tag(Transaction& tx, std::int64_t repository,
                                     std::string_view tag,
                                     std::string_view actor, UnixMillis now) {
  const auto moved = tx.run(
      "insert into registry_deleted (repository_id, digest, tag, pushed, "
      "deleted, actor) select repository_id, digest, name, pushed, ?, ? "
      "from registry_tag where repository_id = ? and name = ?",
      now, actor, repository, tag);
  if (moved == 0) return {};
  const auto id = tx.last_insert_id();
  tx.run("delete from registry_tag where repository_id = ? and name = ?",
         repository, tag);
  return find_deleted(tx.connection(), id);
}

std::vector<DeletedRow> list_deleted(Connection& db, std::int64_t project_id,
                                     std::optional<std::string_view> repository,
                                     std::int64_t below, std::size_t limit) {
  auto row = db.query(
      std::string(kSelect) +
          "where r.project_id = ?1 and (?2 is null or r.name = ?2) "
          "and d.id < ?3 order by d.id desc limit ?4",
      project_id, repository, below, limit);
  std::vector<DeletedRow> found;
  while (row.next()) found.push_back(read_row(row));
  return found;
}

std::optional<DeletedRow> find_deleted(Connection& db, std::int64_t id) {
  auto row = db.query(std::string(kSelect) + "where d.id = ?", id);
  if (!row.next()) return {};
  return read_row(row);
}

std::vector<DeletedRow> deleted_until(Connection& db, UnixMillis time,
                                      std::int64_t after, std::size_t limit) {
  auto row = db.query(std::string(kSelect) +
                          "where d.deleted <= ? and d.id > ? "
                          "order by d.id limit ?",
                      time, after, limit);
  std::vector<DeletedRow> found;
  while (row.next()) found.push_back(read_row(row));
  return found;
}

bool only_deleted(Connection& db, std::int64_t repository) {
  auto row = db.query(
      "select 1 from registry_deleted d where d.repository_id = ?1 "
      "and d.tag is null and not exists "
      "(select 1 from registry_manifest where repository_id = ?1) limit 1",
      repository);
  return row.next();
}

std::optional<std::string> missing_reference(Connection& db,
                                             const DeletedRow& row) {
  auto rows = db.query(
      "select f.child from registry_reference f "
      "where f.repository_id = ?1 and f.parent = ?2 and not exists "
      "(select 1 from registry_blob b "
      " where b.repository_id = ?1 and b.digest = f.child) and not exists "
      "(select 1 from registry_manifest m "
      " where m.repository_id = ?1 and m.digest = f.child) and not exists "
      "(select 1 from registry_mirrored where repository_id = ?1) limit 1",
      row.repository, row.digest);
  if (!rows.next()) return {};
  return rows.text(0);
}

void restore_manifest(Transaction& tx, const DeletedRow& row) {
  tx.run(
      "insert into registry_manifest (repository_id, digest, media_type, size, "
      "total_size, depth, subject, artifact_type, annotations, pushed) "
      "select repository_id, digest, media_type, size, total_size, depth, "
      "subject, artifact_type, annotations, pushed from registry_deleted "
      "where id = ?",
      row.id);
  tx.run("delete from registry_deleted where id = ?", row.id);
}

void forget_deleted_manifest(Transaction& tx, std::int64_t repository,
                             std::string_view digest) {
  tx.run(
      "delete from registry_deleted "
      "where repository_id = ? and digest = ? and tag is null",
      repository, digest);
}

void renew_blobs(Transaction& tx, const DeletedRow& row, UnixMillis now) {
  tx.run(
      "update registry_blob set linked = ?1 where repository_id = ?2 "
      "and digest in (select child from registry_reference "
      " where repository_id = ?2 and parent = ?3)",
      now, row.repository, row.digest);
}

void purge_deleted(Transaction& tx, const DeletedRow& row) {
  if (tx.run("delete from registry_deleted where id = ?", row.id) == 0) return;
  if (row.tag) return;
  tx.run("delete from registry_reference where repository_id = ? and parent = ?",
         row.repository, row.digest);
  drop_content(tx, row.digest);
}

}  // namespace skerry::registry
