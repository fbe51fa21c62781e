// The rows of the chart repository. The archives lie in the blob store; each is
// also a layer of an OCI artifact in the registry.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "helm/metadata.h"

namespace skerry::chart {

struct StoredVersion {
  std::string project, name, version;
  std::string digest;  // of the archive, "sha256:..."
  std::string app_version;
  std::string metadata;  // Chart.yaml as JSON
  std::uint64_t size = 0;
  UnixMillis created = 0;
  std::string provenance;  // the .prov file's text, may be empty
};

std::span<const Migration> chart_migrations();

std::optional<StoredVersion> find_version(Connection& db,
                                          std::string_view project,
                                          std::string_view name,
                                          std::string_view version);
// By chart name, then version descending by SemVer.
std::vector<StoredVersion> list_versions(Connection& db,
                                         std::string_view project,
                                         std::string_view name = {});
// How many charts, not versions, a project has.
std::int64_t count_charts(Connection& db, std::string_view project);
// The chart whose archive the blob is, in words.
std::optional<std::string> blob_user(Connection& db, const Digest& digest);
// False when the version exists with the same digest already. Throws conflict
// when it exists with another one and `replace` is not set.
bool insert_version(Transaction& tx, const StoredVersion& version,
                    bool replace);
bool delete_version(Transaction& tx, std::string_view project,
                    std::string_view name, std::string_view version);
void set_provenance(Transaction& tx, const StoredVersion& version,
                    std::string_view provenance);

}  // namespace skerry::chart
