// Packaging: a chart's folder as the archive that Helm installs.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/tree/tree.h"
#include "helm/chart.h"

namespace skerry::chart {

struct PackageOptions {
  std::string version, app_version;  // empty: what Chart.yaml says
  std::map<std::string, std::string> values;       // dotted name -> text
  std::map<std::string, std::string> annotations;  // added to Chart.yaml's
  // Helm is content with "1.2"; a repository of ours is not.
  bool needs_whole_version = true;
};

struct Package {
  Metadata metadata;
  std::string archive;  // .tgz: the same input gives the same bytes
  std::string file_name() const {
    return metadata.name + "-" + metadata.version + ".tgz";
  }
};

// Throws invalid with Helm's sentence for what is no chart, a version that is
// not SemVer 2, or a file that leads out of the chart.
Package package_chart(const Tree& tree, std::string_view folder,
                      const PackageOptions& options);
// Of a chart that is loaded. Changes its metadata. Holds what Helm packs, in
// its order: Chart.yaml, Chart.lock, values, schema, templates, other files,
// sub-charts as folders.
Package package_loaded_chart(Chart& chart, const PackageOptions& options = {});

// `text` (values.yaml) with the value at the dotted `name` set to the string
// `value`. Comments and order stay where the file is written plainly;
// otherwise it is written anew.
std::string set_value_in_yaml(std::string_view text, std::string_view name,
                              std::string_view value);

}  // namespace skerry::chart
