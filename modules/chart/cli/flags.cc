#include "cli/flags.h"

#include <algorithm>

#include "core/error.h"
#include "gotemplate/funcs/common.h"

namespace skerry::chart {

Flags::Flags(const std::vector<std::string>& arguments,
             const std::vector<Flag>& known) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      positional_.insert(positional_.end(), arguments.begin() +
                         static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      return;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      positional_.push_back(argument);
      continue;
    }
    bool is_long = argument[1] == '-';
    std::size_t equals = argument.find('=');
    std::string name = is_long ? argument.substr(2, equals - 2)
                               : argument.substr(1, 1);
    auto flag = std::find_if(known.begin(), known.end(), [&](const Flag& f) {
      return is_long ? f.name == name : f.letter != 0 && f.letter == name[0];
    });
    if (flag == known.end()) {
      if (is_long) fail(ErrorCode::invalid, "unknown flag: --{}", name);
      fail(ErrorCode::invalid, "unknown shorthand flag: '{}' in {}", name,
           argument);
    }
    std::string value = "true";
    bool attached = is_long ? equals != argument.npos : argument.size() > 2;
    if (attached) {
      value = argument.substr(is_long ? equals + 1 : 2);
      if (!is_long && value.starts_with('=')) value.erase(0, 1);
    } else if (flag->takes_value) {
      if (i + 1 >= arguments.size()) {
        fail(ErrorCode::invalid, "flag needs an argument: {}", argument);
      }
      value = arguments[++i];
    }
    values_[std::string(flag->name)].push_back(std::move(value));
  }
}

bool Flags::has(std::string_view name) const {
  auto found = values_.find(name);
  return found != values_.end() && found->second.back() != "false";
}

std::string Flags::text(std::string_view name,
                        std::string_view otherwise) const {
  auto found = values_.find(name);
  return std::string(found == values_.end() ? otherwise : found->second.back());
}

std::vector<std::string> Flags::all(std::string_view name) const {
  auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> Flags::list(std::string_view name) const {
  std::vector<std::string> items;
  for (auto& value : all(name)) {
    for (auto& item : go_split(value, ",", -1)) items.push_back(item);
  }
  return items;
}

}  // namespace skerry::chart
