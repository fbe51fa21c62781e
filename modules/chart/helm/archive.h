// Packaged charts (.tgz): their files, with Helm's bounds and refusals. What an
// archive says of paths is never trusted: names that are absolute, lead to a
// parent folder or name a drive are refused, and so are links.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "helm/chart.h"

namespace skerry::chart {

// What may still be unpacked; archives inside archives share it.
struct UnpackRoom {
  std::uint64_t bytes;
  std::size_t files;
};

// In the archive's order, names relative to the chart's folder. Throws invalid
// with the sentences of Helm and of Go's archive/tar and compress/gzip,
// too_large past a limit.
std::vector<File> read_chart_archive(std::string_view archive,
                                     const LoadLimits& limits,
                                     UnpackRoom& room);

// Throws invalid, as Helm does for a file that a user named as a chart and that
// is no gzip archive: "file '/x/values.yaml' seems to be a YAML file, ...".
void require_archive(const std::string& file, std::string_view bytes);

// Takes a UTF-8 byte-order mark off the front.
void strip_byte_order_mark(std::string& data);

}  // namespace skerry::chart
