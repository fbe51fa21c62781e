// Ant-style globs as Jenkins and .gitignore-like filters use them: '?' one
// character and '*' any run of characters within a path segment, '**' any
// number of segments. Matching is linear in pattern length times text length.
#pragma once

#include <string_view>

namespace skerry {

bool glob_match(std::string_view pattern, std::string_view path);

}  // namespace skerry
