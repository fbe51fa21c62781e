// How a deployment target on this machine pulls from the built-in registry.
// Implemented by app/wiring.cc.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::cd {

struct PullAccess {
  // The names under which images of the built-in registry are spelled:
  // "127.0.0.1:8080", "skerry.lan:8080".
  std::vector<std::string> registries;
  std::string user;
  std::string secret;
  bool plain_http = false;
  std::filesystem::path ca_file;  // for https with our own CA; may be empty
};

// Thread-safe.
class ImageAccess {
 public:
  virtual ~ImageAccess() = default;
  // Credentials that may pull the images of `project`, and no more; nothing
  // when the built-in registry cannot be reached.
  virtual std::optional<PullAccess> pull_access(std::string_view project) = 0;
};

}  // namespace skerry::cd
