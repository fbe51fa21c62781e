// Which resources a patch's target means.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kustomize/label_selector.h"
#include "kustomize/resource.h"
#include "kustomize/types.h"

namespace skerry::chart::kustomize {

// Parts of a selector as anchored regular expressions, and its labels and
// annotations. Immutable, thread-safe.
class ResourceSelector {
 public:
  // Throws invalid for what is no expression.
  explicit ResourceSelector(const Selector& selector);
  ~ResourceSelector();

  // Throws invalid for a label selector that cannot be read, as Kustomize
  // does not before a resource fits the rest.
  bool matches(const Resource& resource) const;
  std::vector<Resource*> select(ResourceMap& resources) const;

 private:
  class Pattern;
  struct Labels;

  Selector selector_;
  std::unique_ptr<Pattern> group_, version_, kind_, name_, name_space_;
  mutable std::unique_ptr<Labels> labels_;
};

// Whether labels and annotations fit; an empty selector fits all.
bool matches_labels(const Resource& resource, const std::string& selector);
bool matches_annotations(const Resource& resource, const std::string& selector);

// "Deployment.v1.apps/web.[noNs]:a=:l=app=web", for messages.
std::string selector_text(const Selector& selector);

}  // namespace skerry::chart::kustomize
