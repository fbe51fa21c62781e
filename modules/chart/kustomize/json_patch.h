// JSON patches (RFC 6902) with the liberties and the sentences of the library
// that Kustomize uses (evanphx/json-patch 4): "replace" adds a key that is
// missing, negative indices count from the end. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "core/text/json.h"
#include "core/text/yaml_node.h"

namespace skerry::chart::kustomize {

// The operations of a patch, JSON when it begins with "[" and YAML otherwise.
// Throws invalid for what is neither, or no list of objects.
Json read_json_patch(std::string_view text);

// Throws invalid when an operation does not apply.
void apply_json_patch(Json& document, const Json& operations);

// The same for a resource, by way of JSON as Kustomize does it: its keys are
// sorted, its numbers floats, styles forgotten.
void apply_json_patch(YamlNode& resource, const Json& operations);

}  // namespace skerry::chart::kustomize
