// What is, in the words of Kubernetes: remembered objects with the status that
// their containers give them. A pure function.
#pragma once

#include <vector>

#include "core/text/json.h"
#include "target/podman/engine.h"
#include "target/target.h"

namespace skerry::cd::podman {

// Pods of the application that belong to no remembered object are listed under
// the key that their label names, so that they are pruned.
std::vector<LiveResource> live_resources(
    const TargetApp& app, const std::vector<Json>& remembered,
    const std::vector<ContainerState>& containers);

}  // namespace skerry::cd::podman
