// Go's regular expressions by RE2, which has the same syntax. Thread-safe.
#pragma once

#include <re2/re2.h>

#include <string>

namespace skerry::chart {

re2::RE2::Options go_regex_options();
// The pattern as RE2 takes it, which does not know (?<name>...).
std::string go_pattern(const std::string& pattern);
// Go's sentence for what RE2 found wrong: "error parsing regexp: ...".
std::string go_regex_error(const re2::RE2& regex);

}  // namespace skerry::chart
