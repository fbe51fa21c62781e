// Versions that a dependency may have.
#pragma once

#include <string>

#include "helm/metadata.h"

namespace skerry::chart {

// Throws invalid: "dependency \"x\" has an invalid version/constraint format:
// improper constraint: ...".
void require_constraint(const Dependency& dependency);
// False for what is no version. The constraint is known to be one.
bool satisfies(const std::string& version, const std::string& constraint);

}  // namespace skerry::chart
