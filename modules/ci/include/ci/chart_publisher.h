// What `publishChart` asks of the chart repository. The app fits the chart
// module to it.
#pragma once

#include <map>
#include <string>

#include "core/tree/tree.h"

namespace skerry::ci {

struct ChartPublication {
  std::string project;
  const Tree* workspace = nullptr;
  std::string path;  // of the chart's folder in the workspace
  // Instead of what Chart.yaml says; empty: as it says.
  std::string version, app_version;
  // Instead of what values.yaml says: dotted names, "image.tag" -> "1.0".
  std::map<std::string, std::string> values;
  // Where the chart comes from, for annotations: "commit", "ref", "run",
  // "repository".
  std::map<std::string, std::string> provenance;
};

struct ChartPublicationResult {
  std::string name, version;
  std::string digest;  // of the archive, "sha256:..."
};

// Thread-safe.
class ChartPublisher {
 public:
  virtual ~ChartPublisher() = default;
  // Packages and stores the chart. Throws invalid for a chart that is not one,
  // conflict when that version exists with other content.
  virtual ChartPublicationResult publish(const ChartPublication& chart) = 0;
};

}  // namespace skerry::ci
