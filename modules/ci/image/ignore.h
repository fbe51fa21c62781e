// .dockerignore: which paths of the context a build does not see.
// (moby/patternmatcher: the last pattern that matches a path, or a folder
// above it, decides; "!" takes back.) Immutable, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skerry::ci {

class IgnoreRules {
 public:
  IgnoreRules() = default;
  // Throws invalid, naming `file` and the line.
  IgnoreRules(std::string_view text, std::string_view file);

  bool ignores(std::string_view path) const;

 private:
  struct Rule {
    std::string pattern;
    bool takes_back = false;
  };
  std::vector<Rule> rules_;
};

}  // namespace skerry::ci
