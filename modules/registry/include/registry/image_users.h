// Who uses images of this registry. The registry asks before its rules remove
// anything by themselves; app/wiring answers for the deployments.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace skerry::registry {

struct ImageUse {
  // As a manifest for a cluster spells it: "skerry.lan:8080/demo/app:1.0",
  // "127.0.0.1:8080/demo/app@sha256:...". The host does not matter.
  std::string reference;
  std::string user;  // "application hello"
};

// Thread-safe.
class ImageUsers {
 public:
  virtual ~ImageUsers() = default;
  // All images in use. Throws when it cannot be told: then nothing is removed.
  virtual std::vector<ImageUse> images_in_use() = 0;
};

}  // namespace skerry::registry
