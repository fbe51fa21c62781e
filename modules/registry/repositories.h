// Repository rows, and where a request stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"

namespace skerry::registry {

// A repository's name in an existing project; the repository itself comes
// into being with its first blob or manifest.
struct Place {
  std::int64_t project_id = 0;
  std::string project;
  std::string repository;
  std::string full_name() const { return project + "/" + repository; }
};

std::optional<std::int64_t> find_repository(Connection& db, const Place& place);
std::int64_t ensure_repository(Transaction& tx, const Place& place,
                               UnixMillis now);

struct RepositorySummary {
  std::string name;
  std::int64_t tags = 0;
  std::int64_t size_bytes = 0;  // blobs and manifests, each once
  UnixMillis updated = 0;
};
// Those of one project that hold a manifest, by name.
std::vector<RepositorySummary> list_repositories(Connection& db,
                                                 std::int64_t project_id);
// Names of those that hold a manifest, above `after`, at most `limit`.
std::vector<std::string> repository_names(Connection& db,
                                          std::int64_t project_id,
                                          std::string_view after,
                                          std::size_t limit);

// All projects that have a repository, as they were when it was made.
struct KnownProject {
  std::int64_t id = 0;
  std::string name;
};
std::vector<KnownProject> projects_with_repositories(Connection& db);
// Removes all of a project's rows; the number of repositories.
std::int64_t remove_project(Transaction& tx, std::int64_t project_id);
// A manifest's bytes, when no repository has it, not even deleted.
void drop_content(Transaction& tx, std::string_view digest);

// Repositories without a blob or manifest, not even a deleted one, in which
// nothing has happened since `until`; with an id above `after`.
struct EmptyRepository {
  std::int64_t id = 0;
  std::string name;  // in full
};
std::vector<EmptyRepository> empty_repositories(Connection& db,
                                                UnixMillis until,
                                                std::int64_t after,
                                                std::size_t limit);
void remove_if_empty(Transaction& tx, std::int64_t repository,
                     UnixMillis until);

}  // namespace skerry::registry
