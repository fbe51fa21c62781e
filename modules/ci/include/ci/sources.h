// What CI asks of the Git remote: the commit that a run is for. The app fits
// the git module to it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/tree/tree.h"

namespace skerry::ci {

struct CommitInfo {
  std::string id;
  std::string message;
  std::string author;  // the name
  UnixMillis time = 0;
  std::vector<std::string> parents;
};

struct LocalRepository {
  std::string project, repo;
};

// A repository somewhere else.
struct ExternalSource {
  std::string url;
  std::string branch;
  std::string user, password;  // empty: none
};

// Thread-safe.
class SourceProvider {
 public:
  virtual ~SourceProvider() = default;
  // The files of a commit; throws not_found.
  virtual std::shared_ptr<const Tree> tree(std::string_view project,
                                           std::string_view repo,
                                           std::string_view commit) = 0;
  // The commit that "refs/heads/main", "main", "v1.0" or an id names.
  virtual std::optional<std::string> resolve(std::string_view project,
                                             std::string_view repo,
                                             std::string_view revision) = 0;
  // Throws not_found.
  virtual CommitInfo commit(std::string_view project, std::string_view repo,
                            std::string_view id) = 0;
  // Writes the files at the branch's tip into `folder`, which is empty; the
  // commit's id. Throws unavailable when the other side is not there.
  virtual std::string clone_external(const ExternalSource& source,
                                     const std::filesystem::path& folder,
                                     std::stop_token stop) = 0;
  // The repository of this server that a clone URL means, if it is one.
  virtual std::optional<LocalRepository> local_repository(
      std::string_view url) = 0;
};

}  // namespace skerry::ci
