// CI: a push becomes a run of the repository's Jenkinsfile.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ci/chart_publisher.h"
#include "ci/image_store.h"
#include "ci/sources.h"
#include "core/boot/module.h"
#include "core/store/digest.h"

namespace skerry::ci {

// Thread-safe. Program start-up must also hand `sandbox-init` to
// ci/sandbox_init.h.
class CiModule {
 public:
  // `base_url` gives the server's address as scripts and images name it:
  // "http://ci.example:8080".
  CiModule(Services& services, SourceProvider& sources, ImageStore& images,
           ChartPublisher& charts, std::function<std::string()> base_url);
  ~CiModule();

  Module tables();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace skerry::ci
