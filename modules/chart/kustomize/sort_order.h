// The order in which resources are printed. Pure.
#pragma once

#include <optional>

#include "kustomize/kustomization.h"
#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

// kubectl's order unless `options` says otherwise. Throws invalid.
void sort_resources(ResourceMap& resources,
                    const std::optional<SortOptions>& options);

}  // namespace skerry::chart::kustomize
