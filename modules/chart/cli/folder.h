// A chart's folder on disk as Helm walks it: links are followed wherever they
// lead, and each is told of in the log.
#pragma once

#include <memory>
#include <string>

#include "core/tree/tree.h"
#include "helm/chart.h"

namespace skerry::chart {

// `path` is made absolute, as Helm's messages have it. Only for folders that
// the user of the command line names: the server opens trees that stay inside.
std::unique_ptr<Tree> open_chart_folder(const std::string& path,
                                        const Log& log);

// filepath.Abs
std::string absolute_path(const std::string& path);

}  // namespace skerry::chart
