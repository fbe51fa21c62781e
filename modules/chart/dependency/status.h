// What `helm dependency list` says of each dependency.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "helm/chart.h"

namespace skerry::chart {

// Loads a chart's folder or archive from the disk; throws when it is none.
using ChartLoad = std::function<std::shared_ptr<Chart>(const std::string&)>;

// "ok" (an archive), "unpacked" (a folder), "missing", "wrong version",
// "misnamed", "corrupt", "invalid version", "too many matches".
std::string dependency_status(const std::string& chart_path,
                              const Dependency& wish, const Chart& chart,
                              const ChartLoad& load);

// A line for each chart in charts/ that Chart.yaml does not speak of.
std::vector<std::string> undeclared_charts(
    const std::string& chart_path, const std::vector<Dependency>& wished,
    const ChartLoad& load);

}  // namespace skerry::chart
