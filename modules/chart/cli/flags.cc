#include "cli/flags.h"

#include <algorithm>
#include <optional>

#include "core/error.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

// strconv.ParseBool
std::optional<bool> parse_bool(std::string_view text) {
  for (auto yes : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == yes) return true;
  }
  for (auto no : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

// One record of a CSV file.
std::vector<std::string> split_record(std::string_view record) {
  std::vector<std::string> fields(1);
  bool is_quoted = false;
  for (std::size_t i = 0; i < record.size(); ++i) {
    char c = record[i];
    if (is_quoted && c == '"' && i + 1 < record.size() &&
        record[i + 1] == '"') {
      fields.back() += c;
      ++i;
    } else if (c == '"' && (is_quoted || fields.back().empty())) {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

}  // namespace

Flags::Flags(const std::vector<std::string>& arguments,
             const std::vector<Flag>& known)
    : known_(known) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      positional_.insert(positional_.end(), arguments.begin() +
                         static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      return;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      positional_.push_back(argument);
    } else if (argument[1] == '-') {
      read_long(arguments, i);
    } else {
      read_short(arguments, i);
    }
  }
}

void Flags::read_long(const std::vector<std::string>& arguments,
                      std::size_t& at) {
  const std::string& argument = arguments[at];
  std::size_t equals = argument.find('=');
  std::string name = argument.substr(2, equals == argument.npos
                                            ? equals
                                            : equals - 2);
  if (name.empty() || name[0] == '-') {
    fail(ErrorCode::invalid, "bad flag syntax: {}", argument);
  }
  const Flag& flag = find_long(name);
  std::string given = "--" + name;
  if (equals != argument.npos) {
    add(flag, argument.substr(equals + 1), given);
  } else if (!flag.takes_value) {
    add(flag, "true", given);
  } else if (!flag.without_value.empty()) {
    add(flag, std::string(flag.without_value), given);
  } else if (at + 1 < arguments.size()) {
    add(flag, arguments[++at], given);
  } else {
    fail(ErrorCode::invalid, "flag needs an argument: {}", given);
  }
}

const Flag& Flags::find_long(std::string_view name) const {
  auto flag = std::find_if(known_.begin(), known_.end(),
                           [&](const Flag& f) { return f.name == name; });
  if (flag == known_.end()) {
    fail(ErrorCode::invalid, "unknown flag: --{}", name);
  }
  return *flag;
}

// "-abc value": a and b take no value.
void Flags::read_short(const std::vector<std::string>& arguments,
                       std::size_t& at) {
  const std::string argument = arguments[at];
  std::string_view rest = std::string_view(argument).substr(1);
  while (!rest.empty()) {
    char letter = rest[0];
    auto flag = std::find_if(known_.begin(), known_.end(), [&](const Flag& f) {
      return f.letter == letter;
    });
    if (flag == known_.end()) {
      fail(ErrorCode::invalid, "unknown shorthand flag: '{}' in -{}", letter,
           rest);
    }
    std::string_view given = rest;
    rest.remove_prefix(1);
    if (rest.starts_with('=') && given.size() > 2) {
      return add(*flag, std::string(rest.substr(1)),
                 fmt::format("-{}, --{}", letter, flag->name));
    }
    if (!flag->takes_value) {
      add(*flag, "true", fmt::format("-{}, --{}", letter, flag->name));
      continue;
    }
    if (!rest.empty()) return add(*flag, std::string(rest), flag->name);
    if (at + 1 >= arguments.size()) {
      fail(ErrorCode::invalid, "flag needs an argument: '{}' in -{}", letter,
           given);
    }
    return add(*flag, arguments[++at], flag->name);
  }
}

void Flags::add(const Flag& flag, std::string value,
                std::string_view as_given) {
  if (!flag.takes_value) {
    auto parsed = parse_bool(value);
    if (!parsed) {
      fail(ErrorCode::invalid,
           "invalid argument {} for {} flag: strconv.ParseBool: parsing {}: "
           "invalid syntax",
           quote(value), quote(as_given), quote(value));
    }
    value = *parsed ? "true" : "false";
  }
  values_[std::string(flag.name)].push_back(std::move(value));
  if (!flag.instead.empty()) {
    warnings_.push_back(fmt::format("Flag --{} has been deprecated, {}",
                                    flag.name, flag.instead));
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
    if (value.empty()) continue;
    for (auto& item : split_record(value)) items.push_back(std::move(item));
  }
  return items;
}

}  // namespace skerry::chart
