// Finds nodes by the paths that Kustomize's replacements and field specs use:
// "spec", "0", "-", "[name=nginx]", "[=value]", "*". Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/yaml_node.h"

namespace skerry::chart::kustomize {

// One step: nothing when there is no such field or item. Throws invalid when
// the node is not of the kind that the part asks for.
YamlNode* find_part(YamlNode& node, std::string_view part);
// All steps; blank parts are left out.
YamlNode* find_by_path(YamlNode& node, const std::vector<std::string>& path);

// All nodes that a path with wildcards and patterns ("[name=ngi.*]") matches.
// With `make`, what is missing is made, its last field of that kind. Throws
// invalid with Kustomize's sentences.
std::vector<YamlNode*> match_path(YamlNode& node,
                                  const std::vector<std::string>& path,
                                  std::optional<YamlNode::Kind> make);

}  // namespace skerry::chart::kustomize
