// What the chart tests share: charts in memory and one template run.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chart/render.h"
#include "core/tree/tree.h"
#include "gotemplate/value.h"
#include "helm/chart.h"

namespace skerry::chart {

using Files = std::vector<std::pair<std::string, std::string>>;

std::unique_ptr<Tree> make_tree(const Files& files);

// A chart "app" 1.2.3 with these files beside its Chart.yaml.
Files chart_files(Files files);

// The text of `body` as the only template of a chart with these values.
std::string run_template(const std::string& body,
                         const std::string& values = "");
// The message with which that fails; "" when it does not.
std::string template_error(const std::string& body,
                           const std::string& values = "");

// All manifests of a rendered tree, each behind "# <source>".
std::string render_text(const Files& files, const RenderOptions& options = {});
// The message with which rendering fails; "" when it does not.
std::string render_error(const Files& files,
                         const RenderOptions& options = {});

Log no_log();

}  // namespace skerry::chart
