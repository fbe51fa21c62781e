// A unified diff of two texts, as `diff -u` without its file header. Pure.
#pragma once

#include <string>
#include <string_view>

namespace skerry::cd {

// "" when both are equal. Lines that differ in texts too long to align
// (product of line counts over a million) are shown as replaced.
std::string unified_diff(std::string_view before, std::string_view after,
                         std::size_t context = 3);

}  // namespace skerry::cd
