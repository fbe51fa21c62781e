// sigs.k8s.io/yaml as Helm calls it, over template values. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart {

// yaml.Marshal without the last newline. Throws invalid for what JSON cannot
// hold.
std::string write_yaml(const Value& value);

// yaml.Unmarshal of the first document; all numbers are float64. Throws
// TemplateError: "error converting YAML to JSON: yaml: line 2: ...".
Value read_go_yaml(std::string_view text);
// The same into a map: nil for an empty document, an error for another type.
Value read_yaml_map(std::string_view text);

}  // namespace skerry::chart
