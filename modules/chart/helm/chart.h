// A chart in memory: its files sorted by what they are for, its sub-charts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tree/tree.h"
#include "gotemplate/value.h"
#include "helm/lock.h"
#include "helm/metadata.h"

namespace skerry::chart {

struct File {
  std::string name;  // relative to the chart
  std::string data;
};

struct LoadLimits {
  std::uint64_t max_file = 5u << 20;     // bytes
  std::uint64_t max_total = 100u << 20;  // bytes, sub-charts included
  std::size_t max_files = 10'000;
  int max_depth = 16;  // of sub-charts
};

// Receives what Helm logs while it works: "WARN", "msg=... key=value".
using Log = std::function<void(std::string_view level, std::string_view text)>;

class Chart {
 public:
  Metadata metadata;
  Value values;  // a map
  std::vector<File> templates;
  std::vector<File> files;  // everything else, also crds/
  std::vector<File> raw;    // every file as it was
  std::optional<std::string> schema;
  std::optional<Lock> lock;
  std::vector<std::shared_ptr<Chart>> dependencies;
  Chart* parent = nullptr;

  const std::string& name() const { return metadata.name; }
  bool is_root() const { return parent == nullptr; }
  bool is_library() const { return metadata.type == "library"; }
  // "app/charts/redis"
  std::string full_path() const;
  void add_dependency(std::shared_ptr<Chart> chart);
  const File* find_raw(std::string_view file) const;
  // Files below crds/, of sub-charts too, with their full paths.
  std::vector<std::pair<std::string, const File*>> crds() const;
};

// Reads the chart in `folder`, obeying .helmignore. Symlinks are followed
// inside the tree only. Throws invalid with Helm's sentence, too_large.
std::shared_ptr<Chart> load_chart(const Tree& tree, std::string_view folder,
                                  const Log& log,
                                  const LoadLimits& limits = {});
// Reads a packaged chart (.tgz).
std::shared_ptr<Chart> load_chart_archive(std::string_view archive,
                                          const Log& log,
                                          const LoadLimits& limits = {});
std::shared_ptr<Chart> load_chart_files(std::vector<File> files,
                                        const Log& log,
                                        const LoadLimits& limits = {});

}  // namespace skerry::chart
