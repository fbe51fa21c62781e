// The documents that templates give: split, sorted as they are installed,
// hooks apart.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "helm/chart.h"

namespace skerry::chart {

struct Manifest {
  std::string path;  // "app/templates/x.yaml"
  std::string content;
  std::string kind, api_version, name;
};

struct Hook {
  Manifest manifest;
  std::vector<std::string> events{};  // "pre-install"
  int weight = 0;
  std::vector<std::string> delete_policies{};
  bool is_test() const;
};

struct SortedManifests {
  std::vector<Manifest> manifests;
  std::vector<Hook> hooks;
};

// Throws invalid: "YAML parse error on app/templates/x.yaml: ...".
SortedManifests sort_manifests(const std::map<std::string, std::string>& files,
                               const Log& log);

// Documents parted by "---", trimmed, empty ones left out.
std::vector<std::string> split_manifests(std::string_view text);

}  // namespace skerry::chart
