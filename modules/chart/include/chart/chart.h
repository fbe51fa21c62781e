// Charts: the repository that keeps them, over HTTP (index.yaml, ChartMuseum's
// API) and OCI, and the same in the process. Rendering is in chart/render.h.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "chart/oci_store.h"
#include "core/boot/module.h"
#include "core/tree/tree.h"

namespace skerry::chart {

struct ChartVersion {
  std::string name;
  std::string version;  // SemVer 2
  std::string digest;   // of the archive, "sha256:..."
};

// A chart's folder, to be packaged and published.
struct Publication {
  std::string project;
  const Tree* tree = nullptr;
  std::string path;                   // of the chart's folder in the tree
  std::string version, app_version;   // empty: what Chart.yaml says
  // Over values.yaml: dotted names, "image.tag" -> "1.0". Comments stay.
  std::map<std::string, std::string> values;
  std::map<std::string, std::string> annotations;  // added to Chart.yaml's
  http::Identity who;
};

// Thread-safe.
class ChartModule {
 public:
  ChartModule(Services& services, OciStore& oci);
  ~ChartModule();
  Module tables();

  // Packages the chart reproducibly and stores it; durable on return, with the
  // event ChartPublished. Publishing the same bytes again is fine. Throws
  // invalid for what is no chart, conflict when the version exists with other
  // content.
  ChartVersion publish(const Publication& publication);
  // The highest version that satisfies `constraint` ("1.2.3", "^1", "*", ""
  // is "*"). Throws not_found.
  ChartVersion resolve(std::string_view project, std::string_view name,
                       std::string_view constraint);
  // Chart.yaml stands at the root of the tree.
  std::shared_ptr<const Tree> open(const ChartVersion& version);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace skerry::chart
