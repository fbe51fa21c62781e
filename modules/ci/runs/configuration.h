// What a server, a project and a repository say about their pipelines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/os/clock.h"
#include "core/store/sqlite.h"

namespace skerry::ci {

// Thread-safe.
class Configuration {
 public:
  explicit Configuration(Database& db) : db_(db) {}

  // Pipeline text that a Jenkinsfile overlays; "" is the system's project.
  std::optional<std::string> defaults(std::string_view project);
  // An empty text removes it.
  void set_defaults(Transaction& tx, std::string_view project,
                    std::string_view text, UnixMillis now);

  // "none" or "host"; unset: as the setting ci.network says.
  std::optional<std::string> network(std::string_view project);
  void set_network(Transaction& tx, std::string_view project,
                   std::string_view network);

  // The path of the pipeline in the repository; "Jenkinsfile" unless set.
  std::string jenkinsfile(std::string_view project, std::string_view repo);
  void set_jenkinsfile(Transaction& tx, std::string_view project,
                       std::string_view repo, std::string_view path);

 private:
  Database& db_;
};

}  // namespace skerry::ci
