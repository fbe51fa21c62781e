// From a loaded chart and values to the manifests of a release: what `helm
// template` does before it prints.
#pragma once

#include <string>
#include <vector>

#include "gotemplate/exec.h"
#include "helm/capabilities.h"
#include "helm/chart.h"
#include "helm/manifests.h"

namespace skerry::chart {

class TemplateCache;

struct ReleaseOptions {
  std::string name = "release-name";
  std::string name_space = "default";
  bool is_upgrade = false;
  bool include_crds = false;
  bool skip_schema = false;
  bool is_lint = false;
  std::optional<std::string> kube_version{};
  std::vector<std::string> api_versions{};  // besides the default ones
  TemplateCache* parsed = nullptr;  // of earlier renders; may be null
};

struct Release {
  std::vector<Manifest> crds;
  std::vector<Manifest> manifests;
  std::vector<Hook> hooks;
  std::string notes;
};

// Set when rendering had begun: Helm then adds a hint to the error.
struct ReleaseProgress {
  bool was_rendering = false;
};

// Changes the chart (dependencies are resolved).
Release make_release(Chart& chart, const Value& values,
                     const ReleaseOptions& options,
                     const Environment& environment,
                     const ExecutionLimits& limits, const Log& log,
                     ReleaseProgress* progress = nullptr);

// Refuses charts that cannot be installed: libraries.
void check_installable(const Chart& chart);

// "" or why the name is no release name.
std::string release_name_problem(const std::string& name);

}  // namespace skerry::chart
