// Which sub-charts a release gets, and what they export to their parents.
#pragma once

#include "helm/chart.h"

namespace skerry::chart {

// Helm's ProcessDependencies: applies aliases, tags and conditions, removes
// what is switched off, then imports values. Changes the chart.
void process_dependencies(Chart& chart, const Value& values, const Log& log);

// Throws invalid when a dependency of Chart.yaml is not in charts/.
void check_dependencies(const Chart& chart);

// Whether `version` satisfies a constraint; malformed ones do not.
bool is_compatible(const std::string& constraint, const std::string& version);

}  // namespace skerry::chart
