// What `helm lint` finds in a chart.
#pragma once

#include <string>
#include <vector>

#include "core/tree/tree.h"
#include "helm/capabilities.h"
#include "helm/chart.h"

namespace skerry::chart {

enum class Severity { info, warning, error };

struct LintMessage {
  Severity severity;
  std::string path;  // "Chart.yaml", "templates/"
  std::string text;
  // "[WARNING] Chart.yaml: ..."
  std::string to_string() const;
};

struct LintOptions {
  std::string name_space = "default";
  std::string chart_path;  // absolute, for messages
  bool skip_schema = false;
  KubeVersion kube = default_kube_version();
};

// Looks at the chart in the tree's root.
std::vector<LintMessage> lint_chart(const Tree& tree, const Value& values,
                                    const LintOptions& options,
                                    const Log& log);

}  // namespace skerry::chart
