// Ant-style globs as Jenkins and .gitignore-like filters use them: '?' one
// character and '*' any run of characters within a path segment, '**' any
// number of segments. Matching is linear in pattern length times text length.
#pragma once

#include <functional>
#include <string_view>

namespace skerry {

bool glob_match(std::string_view pattern, std::string_view path);

// Whether a path matches a pattern whose '**' stand for any number of segments
// and whose other segments `match` compares. Calls it at most once for each
// segment of the one with each of the other.
bool match_by_segment(
    std::string_view pattern, std::string_view path,
    const std::function<bool(std::string_view pattern, std::string_view text)>&
        match);

}  // namespace skerry
