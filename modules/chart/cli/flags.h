// Flags in the manner of Helm's: "--name value", "--name=value", "-n value",
// anywhere between the positional arguments; "--" ends them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart {

struct Flag {
  std::string_view name;   // "values"
  char letter = 0;         // 'f'
  bool takes_value = true;
};

class Flags {
 public:
  // Throws invalid: "unknown flag: --x", "flag needs an argument: --x".
  Flags(const std::vector<std::string>& arguments,
        const std::vector<Flag>& known);

  const std::vector<std::string>& positional() const { return positional_; }
  bool has(std::string_view name) const;  // false for "--name=false"
  // The last one, or `otherwise`.
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  std::vector<std::string> all(std::string_view name) const;
  // All, each cut at commas.
  std::vector<std::string> list(std::string_view name) const;

 private:
  std::vector<std::string> positional_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace skerry::chart
