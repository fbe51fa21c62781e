#include "repository/chart_store.h"

#include <algorithm>

#include "core/error.h"
#include "core/text/semver.h"

namespace skerry::chart {
namespace {

StoredVersion read_row(const Rows& rows) {
  StoredVersion version;
  version.project = rows.text(0);
  version.name = rows.text(1);
  version.version = rows.text(2);
  version.digest = rows.text(3);
  version.app_version = rows.text(4);
  version.metadata = rows.text(5);
  version.size = static_cast<std::uint64_t>(rows.integer(6));
  version.created = rows.integer(7);
  version.provenance = rows.text(8);
  return version;
}

}  // namespace

std::span<const Migration> chart_migrations() {
  static constexpr Migration kMigrations[] = {
      {1, R"sql(
        create table chart_version (
          project     text not null,
          name        text not null,
          version     text not null,
          digest      text not null,     -- of the archive
          app_version text not null,
          metadata    text not null,     -- Chart.yaml as JSON
          size        integer not null,  -- of the archive, bytes
          created     integer not null,  -- ms since 1970
          provenance  text not null default '',
          primary key (project, name, version)
        ) without rowid;
      )sql"},
      {2, "create index chart_version_digest on chart_version (digest)"},
  };
  return kMigrations;
}

std::optional<StoredVersion> find_version(Connection& db,
                                          std::string_view project,
                                          std::string_view name,
                                          std::string_view version) {
  auto rows = db.query(
      "select project, name, version, digest, app_version, metadata, size, "
      "created, provenance from chart_version "
      "where project = ? and name = ? and version = ?", project,
      name, version);
  if (!rows.next()) return std::nullopt;
  return read_row(rows);
}

std::vector<StoredVersion> list_versions(Connection& db,
                                         std::string_view project,
                                         std::string_view name) {
  auto rows = db.query(
      "select project, name, version, digest, app_version, metadata, size, "
      "created, provenance from chart_version "
      "where project = ?1 and (?2 = '' or name = ?2)", project,
      name);
  std::vector<StoredVersion> versions;
  while (rows.next()) versions.push_back(read_row(rows));
  std::sort(versions.begin(), versions.end(),
            [](const StoredVersion& a, const StoredVersion& b) {
              if (a.name != b.name) return a.name < b.name;
              return *SemVer::parse(b.version) < *SemVer::parse(a.version);
            });
  return versions;
}

std::int64_t count_charts(Connection& db, std::string_view project) {
  auto rows = db.query(
      "select count(distinct name) from chart_version where project = ?",
      project);
  return rows.next() ? rows.integer(0) : 0;
}

std::optional<std::string> blob_user(Connection& db, const Digest& digest) {
  auto rows = db.query(
      "select project, name, version from chart_version where digest = ? "
      "limit 1",
      digest.to_string());
  if (!rows.next()) return std::nullopt;
  return fmt::format("chart {}/{} {}", rows.text(0), rows.text(1),
                     rows.text(2));
}

bool insert_version(Transaction& tx, const StoredVersion& version,
                    bool replace) {
  const auto existing = find_version(tx.connection(), version.project,
                                     version.name, version.version);
  if (existing && existing->digest == version.digest) return false;
  if (existing && !replace) {
    fail(ErrorCode::conflict,
         "chart {} {} exists in {} with other content; versions do not change",
         version.name, version.version, version.project);
  }
  tx.run(
      "insert or replace into chart_version (project, name, version, digest, "
      "app_version, metadata, size, created, provenance) "
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      version.project, version.name, version.version, version.digest,
      version.app_version, version.metadata, version.size, version.created,
      version.provenance);
  return true;
}

bool delete_version(Transaction& tx, std::string_view project,
                    std::string_view name, std::string_view version) {
  return tx.run(
             "delete from chart_version where project = ? and name = ? and "
             "version = ?",
             project, name, version) > 0;
}

void set_provenance(Transaction& tx, const StoredVersion& version,
                    std::string_view provenance) {
  tx.run(
      "update chart_version set provenance = ? where project = ? and name = ? "
      "and version = ?",
      provenance, version.project, version.name, version.version);
}

}  // namespace skerry::chart
