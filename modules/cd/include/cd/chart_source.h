// What the syncer asks of the chart repository. Implemented by app/wiring.cc.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/tree/tree.h"

namespace skerry::cd {

struct ChartVersion {
  std::string version;  // "1.2.3"
  std::string digest;   // of the archive, "sha256:..."
};

// Thread-safe. Throws Error not_found for a chart that does not exist or when
// no version satisfies the constraint.
class ChartSource {
 public:
  virtual ~ChartSource() = default;
  // The highest version that satisfies `constraint`: an exact version,
  // "^1.2", "1.x", "*"; "" is "*". Called at every reconcile.
  virtual ChartVersion resolve(std::string_view project, std::string_view chart,
                               std::string_view constraint) = 0;
  // The chart's own folder: Chart.yaml stands at the tree's root.
  virtual std::shared_ptr<const Tree> tree(std::string_view project,
                                           std::string_view chart,
                                           const ChartVersion& version) = 0;
};

}  // namespace skerry::cd
