// `vars`: values of fields that stand for $(NAME) in others. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kustomize/kustomization.h"
#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

class Variables {
 public:
  // Notes which resource each means, and adds them. Throws invalid for a name
  // that is known already, or a target that is not unique.
  void add(const std::vector<Variable>& incoming, ResourceMap& resources);
  void merge(const Variables& other);

  // Replaces them in the fields that `fields` name. Returns the names of those
  // that were never used.
  std::vector<std::string> resolve(ResourceMap& resources,
                                   const FieldSpecs& fields) const;

 private:
  void add_one(Variable variable);

  std::map<std::string, Variable> variables_;
};

// Go's %v of one: "{NAME Service.v1.[noGrp] {metadata.name}}".
std::string describe_variable(const Variable& variable);

}  // namespace skerry::chart::kustomize
