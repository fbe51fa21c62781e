// `helmCharts`: charts rendered by our own engine where Kustomize starts helm.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gotemplate/exec.h"
#include "kustomize/kustomization.h"
#include "kustomize/loader.h"
#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

struct HelmSettings {
  bool enabled = false;
  // Over what the kustomization says, when given.
  std::string kube_version;
  std::vector<std::string> api_versions;
  ExecutionLimits limits;
};

// Checks a chart's entry. Throws with Kustomize's sentences ("must specify
// --enable-helm").
void prepare_helm_chart(HelmChart& chart, HelmGlobals& globals,
                        const Loader& loader, const HelmSettings& settings);

// The resources of the rendered chart, whose folder stands below the chart
// home: what would have to be fetched is refused by name.
std::vector<Resource> render_helm_chart(const HelmChart& chart,
                                        const HelmGlobals& globals,
                                        const Loader& loader,
                                        const HelmSettings& settings);

// The entry as YAML, for errors.
std::string helm_config_text(const HelmChart& chart,
                             const HelmGlobals& globals);

}  // namespace skerry::chart::kustomize
