// Patterns of Go's filepath.Match, as Dockerfiles and .dockerignore use them:
// '*' and '?' within a path segment, [a-z] and [^a-z], '\' before a literal
// character; and "**" as a whole segment for any number of segments
// (moby/patternmatcher). Pure.
#pragma once

#include <string_view>

namespace skerry::ci {

bool match_pattern(std::string_view pattern, std::string_view path);
// Whether it can match more than one name.
bool is_pattern(std::string_view text);
// "" or what is wrong with it ("'[' is not closed").
std::string_view pattern_fault(std::string_view pattern);

}  // namespace skerry::ci
