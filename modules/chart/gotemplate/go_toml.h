// BurntSushi/toml's encoder over template values. Thread-safe.
#pragma once

#include <string>

#include "gotemplate/value.h"

namespace skerry::chart {

// What toToml prints, which for a value that TOML cannot hold is the encoder's
// error message.
std::string write_toml(const Value& value);

}  // namespace skerry::chart
