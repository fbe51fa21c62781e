#include "repositories.h"

namespace skerry::registry {

std::optional<std::int64_t> find_repository(Connection& db,
                                            const Place& place) {
  auto row = db.query(
      "select id from registry_repository where project_id = ? and name = ?",
      place.project_id, place.repository);
  if (!row.next()) return {};
  return row.integer(0);
}

std::int64_t ensure_repository(Transaction& tx, const Place& place,
                               UnixMillis now) {
  tx.run(
      "insert into registry_repository "
      "(project_id, project, name, created, updated) values (?, ?, ?, ?, ?) "
      "on conflict (project_id, name) do update set updated = "
      "excluded.updated",
      place.project_id, place.project, place.repository, now, now);
  return find_repository(tx.connection(), place).value();
}

std::vector<RepositorySummary> list_repositories(Connection& db,
                                                 std::int64_t project_id) {
  auto row = db.query(
      "select r.name, r.updated, "
      "(select count(*) from registry_tag t where t.repository_id = r.id), "
      "(select coalesce(sum(b.size), 0) from registry_blob b "
      " where b.repository_id = r.id) + "
      "(select coalesce(sum(m.size), 0) from registry_manifest m "
      " where m.repository_id = r.id) "
      "from registry_repository r where r.project_id = ? and exists "
      "(select 1 from registry_manifest m where m.repository_id = r.id) "
      "order by r.name",
      project_id);
  std::vector<RepositorySummary> found;
  while (row.next()) {
    found.push_back(
        {row.text(0), row.integer(2), row.integer(3), row.integer(1)});
  }
  return found;
}

std::vector<std::string> repository_names(Connection& db,
                                          std::int64_t project_id,
                                          std::string_view after,
                                          std::size_t limit) {
  auto row = db.query(
      "select r.name from registry_repository r "
      "where r.project_id = ? and r.name > ? and exists "
      "(select 1 from registry_manifest m where m.repository_id = r.id) "
      "order by r.name limit ?",
      project_id, after, limit);
  std::vector<std::string> names;
  while (row.next()) names.push_back(row.text(0));
  return names;
}

std::vector<KnownProject> projects_with_repositories(Connection& db) {
  auto row =
      db.query("select distinct project_id, project from registry_repository");
  std::vector<KnownProject> found;
  while (row.next()) found.push_back({row.integer(0), row.text(1)});
  return found;
}

std::int64_t remove_project(Transaction& tx, std::int64_t project_id) {
  std::vector<std::string> contents;
  {
    auto row = tx.query(
        "select m.digest from registry_repository r "
        "join registry_manifest m on m.repository_id = r.id "
        "where r.project_id = ?1 union select d.digest "
        "from registry_repository r "
        "join registry_deleted d on d.repository_id = r.id "
        "where r.project_id = ?1",
        project_id);
    while (row.next()) contents.push_back(row.text(0));
  }
  const auto removed = tx.run(
      "delete from registry_repository where project_id = ?", project_id);
  for (const auto& digest : contents) drop_content(tx, digest);
  return removed;
}

void drop_content(Transaction& tx, std::string_view digest) {
  tx.run(
      "delete from registry_content where digest = ?1 and not exists "
      "(select 1 from registry_manifest where digest = ?1) and not exists "
      "(select 1 from registry_deleted where digest = ?1 and tag is null)",
      digest);
}

std::vector<EmptyRepository> empty_repositories(Connection& db,
                                                UnixMillis until,
                                                std::int64_t after,
                                                std::size_t limit) {
  auto row = db.query(
      "select r.id, r.project || '/' || r.name from registry_repository r "
      "where r.updated <= ? and r.id > ? "
      "and not exists (select 1 from registry_blob where repository_id = r.id) "
      "and not exists "
      "(select 1 from registry_manifest where repository_id = r.id) "
      "and not exists "
      "(select 1 from registry_deleted where repository_id = r.id) "
      "order by r.id limit ?",
      until, after, limit);
  std::vector<EmptyRepository> found;
  while (row.next()) found.push_back({row.integer(0), row.text(1)});
  return found;
}

void remove_if_empty(Transaction& tx, std::int64_t repository,
                     UnixMillis until) {
  tx.run(
      "delete from registry_repository where id = ?1 and updated <= ?2 "
      "and not exists (select 1 from registry_blob where repository_id = ?1) "
      "and not exists "
      "(select 1 from registry_manifest where repository_id = ?1) "
      "and not exists "
      "(select 1 from registry_deleted where repository_id = ?1)",
      repository, until);
}

}  // namespace skerry::registry
