// The printed form of what a kustomization gives. Pure.
#pragma once

#include <string>

#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

// All resources, "---" between them. Throws invalid for what cannot be
// printed, naming it as Kustomize does.
std::string print_resources(const ResourceMap& resources);

// Go's %#v of what go-yaml 3 decodes the node into.
std::string go_syntax(const YamlNode& node);

}  // namespace skerry::chart::kustomize
