// go-yaml 3 with an indentation of two: sequences stand indented under their
// keys and lines are never folded. Thread-safe.
#pragma once

#include <string>

#include "gotemplate/value.h"

namespace skerry::chart {

// What toYamlPretty prints, without the last newline.
std::string write_yaml_pretty(const Value& value);

}  // namespace skerry::chart
