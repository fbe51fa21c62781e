// The kinds of manifests that podman has nothing for, and that pods are made
// from or that a single machine can do without. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "resource.h"

namespace skerry::cd::podman {

// What a manifest of a kind that makes no pod changes less here than in a
// cluster, as sentences. Throws invalid for a kind or a field that is not
// supported.
std::vector<std::string> review_remembered(const Json& object);

}  // namespace skerry::cd::podman
