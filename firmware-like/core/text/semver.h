// Semantic versions (semver.org 2.0.0) as Helm reads them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

struct SemVer {
  std::uint64_t major = 0, minor = 0, patch = 0;
  std::vector<std::string> prerelease;  // dot-separated identifiers
  std::string build;

  // "1.2.3-rc.1+b5"; `strict` refuses a leading "v" and missing parts.
  static std::optional<SemVer> parse(std::string_view text, bool strict = true);
  std::string to_string() const;
  // Precedence: build metadata does not count.
  std::weak_ordering operator<=>(const SemVer& other) const;
  bool operator==(const SemVer& other) const;
};

// A constraint in Masterminds' syntax: ">=1.2, <2 || ~1.4", "^1", "1.x", "*".
// Throws invalid for a constraint that cannot be read. A version with a
// prerelease matches only comparisons that have one themselves.
bool semver_satisfies(const SemVer& version, std::string_view constraint);

}  // namespace skerry
