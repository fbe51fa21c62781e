// .helmignore: which files do not belong to a chart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart {

class IgnoreRules {
 public:
  // Throws invalid for a line that Helm refuses. Dot files in templates/ are
  // always ignored.
  explicit IgnoreRules(std::string_view text);
  bool ignores(std::string_view path, bool is_folder) const;

 private:
  struct Rule {
    std::string pattern;
    bool is_negated = false, folders_only = false, name_only = false;
  };
  void add(std::string_view line);
  std::vector<Rule> rules_;
};

}  // namespace skerry::chart
