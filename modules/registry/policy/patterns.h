// Globs that choose images by their repository and tag (core/text/glob.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skerry::registry {

inline constexpr std::size_t kLongestPattern = 256;

struct TagPattern {
  std::string tags;
  std::string repositories = "**";  // names without the project
  bool matches(std::string_view repository, std::string_view tag) const;
};

}  // namespace skerry::registry
