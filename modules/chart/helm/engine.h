// Runs the templates of a chart and its sub-charts.
#pragma once

#include <map>
#include <string>

#include "gotemplate/exec.h"
#include "helm/chart.h"

namespace skerry::chart {

class TemplateCache;

// What the templates see besides their chart.
struct RenderScope {
  Value values;  // coalesced, of the root chart
  Value release;
  Value capabilities;
  TemplateCache* parsed = nullptr;  // of earlier renders; may be null
};

// Full path of each template ("app/templates/x.yaml") and its output; partials
// are left out. Throws TemplateError with Helm's sentence, too_large.
std::map<std::string, std::string> render_templates(
    const Chart& chart, const RenderScope& scope,
    const Environment& environment, const ExecutionLimits& limits);

}  // namespace skerry::chart
