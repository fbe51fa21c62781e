// .Capabilities: what a cluster offers, as Helm assumes without asking one.
#pragma once

#include <string>
#include <vector>

#include "gotemplate/value.h"

namespace skerry::chart {

struct KubeVersion {
  std::string version;     // "v1.29.3+eks-abc"
  std::string normalized;  // "v1.29.3"
  std::string major, minor;
};

// Helm 4.1's default, v1.35.0.
KubeVersion default_kube_version();
// "1.29.3" with or without "v"; throws invalid.
KubeVersion parse_kube_version(const std::string& text);
const std::vector<std::string>& default_api_versions();

Value make_capabilities(const KubeVersion& kube,
                        std::vector<std::string> api_versions);

}  // namespace skerry::chart
