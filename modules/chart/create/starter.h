// The files of a new chart: a web service that can be installed as it is. The
// names of its values and templates are those that people know from Helm.
#pragma once

#include <span>
#include <string_view>

namespace skerry::chart {

struct StarterFile {
  std::string_view path;
  std::string_view text;  // with <CHARTNAME> for the chart's name
};

std::span<const StarterFile> starter_files();

}  // namespace skerry::chart
