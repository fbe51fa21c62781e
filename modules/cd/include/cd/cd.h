// The GitOps syncer: keeps what runs equal to what Git and the chart
// repository say, for each Argo CD Application.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cd/chart_source.h"
#include "cd/git_source.h"
#include "cd/image_access.h"
#include "cd/image_policy.h"
#include "cd/renderer.h"
#include "core/boot/module.h"

namespace skerry::cd {

// An image as a manifest spells it, and an application that runs it, may go
// back to it, or would run it after a sync.
struct UsedImage {
  std::string application;
  std::string image;
};

// Thread-safe. Worker threads start with the module's subscription and end
// with the object.
class CdModule {
 public:
  CdModule(Services& services, GitSource& git, ChartSource& charts,
           Renderer& renderer, ImageAccess& images, ImagePolicy& policy);
  ~CdModule();
  CdModule(const CdModule&) = delete;
  CdModule& operator=(const CdModule&) = delete;

  Module tables();
  // Throws unavailable when it cannot be told of an application.
  std::vector<UsedImage> images_in_use();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace skerry::cd
