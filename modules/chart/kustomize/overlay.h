// An overlay that turns one set of objects into another: patches for those in
// both, resources for the new ones, deletions for the others. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

// Files by their names in a folder, kustomization.yaml among them.
using Files = std::map<std::string, std::string>;

// The objects, one a file. Throws invalid when two have the same id.
Files write_base(const ResourceMap& objects);

struct Overlay {
  Files files;
  int merges = 0, operations = 0, added = 0, deleted = 0;
};
// `base` is the path from the overlay to the base's folder. The patches are
// applied to `from`; throws internal unless that gives exactly `to`.
Overlay write_overlay(const ResourceMap& from, const ResourceMap& to,
                      std::string_view base);

}  // namespace skerry::chart::kustomize
