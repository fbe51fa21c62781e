// The GitOps syncer: keeps what runs equal to what Git and the chart
// repository say, for each Argo CD Application.
#pragma once

#include <memory>

#include "cd/chart_source.h"
#include "cd/git_source.h"
#include "cd/image_access.h"
#include "cd/renderer.h"
#include "core/boot/module.h"

namespace skerry::cd {

// Thread-safe. Worker threads start with the module's subscription and end
// with the object.
class CdModule {
 public:
  CdModule(Services& services, GitSource& git, ChartSource& charts,
           Renderer& renderer, ImageAccess& images);
  ~CdModule();
  CdModule(const CdModule&) = delete;
  CdModule& operator=(const CdModule&) = delete;

  Module tables();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace skerry::cd
