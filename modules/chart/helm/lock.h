// Chart.lock (requirements.lock of v1 charts): the exact versions that the
// dependencies of a chart were resolved to, and a digest that tells whether
// they still fit Chart.yaml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "helm/metadata.h"

namespace skerry::chart {

struct Lock {
  std::string generated;  // RFC 3339
  std::string digest;     // "sha256:..."
  std::vector<Dependency> dependencies;
};

// `file` leads error messages. Throws invalid with encoding/json's sentences.
Lock read_lock(const Json& document, std::string_view file);
std::string lock_as_yaml(const Lock& lock);

// Helm's digest of what a chart wishes and what it was given.
std::string digest_of_dependencies(const std::vector<Dependency>& wished,
                                   const std::vector<Dependency>& locked);
// Helm 2's, of the wishes alone, for old requirements.lock files.
std::string digest_of_requirements(const std::vector<Dependency>& wished);

}  // namespace skerry::chart
