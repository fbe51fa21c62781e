// URLs that mean this server itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry::app {

struct RepositoryName {
  std::string project, repository;
};

// The repository that "http://host:port/git/<project>/<repo>[.git]" means,
// when host and port are those of `base_url`, or loopback at the same port.
std::optional<RepositoryName> local_git_repository(std::string_view url,
                                                   std::string_view base_url);

// "host:port" of a URL, with the scheme's port filled in.
std::string authority_of(std::string_view url);

}  // namespace skerry::app
