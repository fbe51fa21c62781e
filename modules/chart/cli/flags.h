// Flags in the manner of Helm's: "--name value", "--name=value", "-n value",
// "-nvalue", anywhere between the positional arguments; "--" ends them.
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
  // What "--name" without a value stands for, where a value may be left out.
  std::string_view without_value = {};
  // What to do instead, for a flag that is only kept for old scripts.
  std::string_view instead = {};
};

class Flags {
 public:
  // Throws invalid: "unknown flag: --x", "flag needs an argument: --x".
  Flags(const std::vector<std::string>& arguments,
        const std::vector<Flag>& known);

  const std::vector<std::string>& positional() const { return positional_; }
  bool is_given(std::string_view name) const {
    return values_.find(name) != values_.end();
  }
  bool has(std::string_view name) const;  // false for "--name=false"
  // The last one, or `otherwise`.
  std::string text(std::string_view name,
                   std::string_view otherwise = {}) const;
  std::vector<std::string> all(std::string_view name) const;
  // "Flag --x has been deprecated, ..." lines, in the order of the arguments.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // All, each cut at commas; a quoted one (as in CSV) keeps its commas.
  std::vector<std::string> list(std::string_view name) const;

 private:
  const Flag& find_long(std::string_view name) const;
  void read_long(const std::vector<std::string>& arguments, std::size_t& at);
  void read_short(const std::vector<std::string>& arguments, std::size_t& at);
  void add(const Flag& flag, std::string value, std::string_view as_given);

  const std::vector<Flag> known_;
  std::vector<std::string> positional_, warnings_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace skerry::chart
