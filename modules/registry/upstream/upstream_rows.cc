#include "upstream/upstream_rows.h"

#include "core/text/json.h"

namespace skerry::registry {
namespace {

std::vector<std::string> read_list(const std::string& json) {
  return parse_json(json).get<std::vector<std::string>>();
}

}  // namespace

std::vector<UpstreamConfig> load_upstreams(Connection& db) {
  auto row = db.query(
      "select project_id, project, url, prefix, library, user, sealed, ca_pem, "
      "ttl, offline, keep_deleted, allow, hosts, changed "
      "from registry_upstream order by project");
  std::vector<UpstreamConfig> found;
  while (row.next()) {
    UpstreamConfig one;
    one.project_id = row.integer(0);
    one.project = row.text(1);
    one.url = row.text(2);
    one.prefix = row.text(3);
    one.library = row.integer(4) != 0;
    one.user = row.text(5);
    one.password = row.text(6);
    one.ca_pem = row.text(7);
    one.ttl = row.integer(8);
    one.offline = row.integer(9) != 0;
    one.keep_deleted = row.integer(10) != 0;
    one.allow = read_list(row.text(11));
    one.hosts = read_list(row.text(12));
    one.changed = row.integer(13);
    found.push_back(std::move(one));
  }
  return found;
}

void put_upstream(Transaction& tx, const UpstreamConfig& config) {
  tx.run(
      "insert or replace into registry_upstream (project_id, project, url, "
      "prefix, library, user, sealed, ca_pem, ttl, offline, keep_deleted, "
      "allow, hosts, changed) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      config.project_id, config.project, config.url, config.prefix,
      config.library ? 1 : 0, config.user, config.password, config.ca_pem,
      config.ttl, config.offline ? 1 : 0, config.keep_deleted ? 1 : 0,
      Json(config.allow).dump(), Json(config.hosts).dump(), config.changed);
}

bool remove_upstream(Transaction& tx, std::int64_t project_id) {
  return tx.run("delete from registry_upstream where project_id = ?",
                project_id) > 0;
}

std::optional<std::string> pushed_repository(Connection& db,
                                             std::int64_t project_id) {
  auto row = db.query(
      "select name from registry_repository r where project_id = ? "
      "and not exists (select 1 from registry_mirrored m "
      " where m.repository_id = r.id) order by name limit 1",
      project_id);
  if (!row.next()) return {};
  return row.text(0);
}

void forget_checks(Transaction& tx, std::int64_t project_id) {
  tx.run(
      "update registry_mirrored_tag set checked = 0 where repository_id in "
      "(select id from registry_repository where project_id = ?)",
      project_id);
}

void mark_mirrored(Transaction& tx, std::int64_t repository) {
  tx.run(
      "insert into registry_mirrored (repository_id) values (?) "
      "on conflict do nothing",
      repository);
}

bool is_mirrored(Connection& db, const Place& place) {
  auto row = db.query(
      "select 1 from registry_repository r join registry_mirrored m "
      "on m.repository_id = r.id where r.project_id = ? and r.name = ?",
      place.project_id, place.repository);
  return row.next();
}

std::optional<UnixMillis> tag_checked(Connection& db, const Place& place,
                                      std::string_view tag) {
  auto row = db.query(
      "select t.checked from registry_repository r "
      "join registry_mirrored_tag t on t.repository_id = r.id and t.name = ? "
      "where r.project_id = ? and r.name = ?",
      tag, place.project_id, place.repository);
  if (!row.next()) return {};
  return row.integer(0);
}

void mark_checked(Transaction& tx, std::int64_t repository,
                  std::string_view tag, UnixMillis now) {
  // The tag may have been deleted meanwhile.
  tx.run(
      "insert into registry_mirrored_tag (repository_id, name, checked) "
      "select repository_id, name, ? from registry_tag "
      "where repository_id = ? and name = ? "
      "on conflict (repository_id, name) "
      "do update set checked = excluded.checked",
      now, repository, tag);
}

}  // namespace skerry::registry
