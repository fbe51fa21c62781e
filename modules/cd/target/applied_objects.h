// What a target without a memory of its own was told to hold. Podman keeps
// pods, but no Deployment, Service or ConfigMap.
#pragma once

#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "resource.h"

namespace skerry::cd {

// Thread-safe. `application` is TargetApp::id.
class AppliedObjects {
 public:
  virtual ~AppliedObjects() = default;
  virtual std::vector<Json> all(std::int64_t application) = 0;
  virtual void put(std::int64_t application, const ResourceKey& key,
                   const Json& object) = 0;
  virtual void erase(std::int64_t application, const ResourceKey& key) = 0;
  // Grows with every put and erase for that application, in this process.
  virtual std::int64_t version(std::int64_t application) = 0;
};

}  // namespace skerry::cd
