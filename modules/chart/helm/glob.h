// Go's filepath.Match and gobwas/glob. Pure functions, thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::chart {

// filepath.Match on Linux: '*' and '?' do not match '/'. Nothing for a malformed
// pattern, also where the name differs before the fault.
std::optional<bool> path_match(std::string_view pattern, std::string_view name);

// gobwas/glob with '/' as separator: "**" matches across folders, "{a,b}"
// alternatives, "[!a-z]" classes.
class Glob {
 public:
  // Nothing for a malformed pattern.
  static std::unique_ptr<Glob> compile(std::string_view pattern);
  ~Glob();
  bool match(std::string_view name) const;

 private:
  Glob();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::chart
