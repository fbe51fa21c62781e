// .Files: the files of a chart that are not templates.
#pragma once

#include <vector>

#include "gotemplate/value.h"
#include "helm/chart.h"

namespace skerry::chart {

Value make_files(const std::vector<File>& files);

}  // namespace skerry::chart
