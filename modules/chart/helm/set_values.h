// --set and its relatives: "a.b[0].c=1,d={x,y}".
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart {

enum class SetKind {
  typed,    // --set: integers, booleans and null are recognised
  text,     // --set-string
  json,     // --set-json
  file,     // --set-file: the value names a file
  literal,  // --set-literal: no escapes, no lists
};

// Reads the file that a --set-file value names.
using FileReader = std::function<std::string(const std::string&)>;

// Changes `values`. Throws invalid: "failed parsing --set data: key \"x\" has
// no value".
void set_values(Value& values, SetKind kind, std::string_view text,
                const FileReader& read_file);

}  // namespace skerry::chart
