#include "value.h"

#include <fmt/format.h>

#include "core/error.h"

namespace skerry::ci {
namespace {

std::string join(const ValueList& list) {
  std::string out = "[";
  for (const Value& element : list) {
    if (out.size() > 1) out += ", ";
    out += to_string(element);
  }
  return out + "]";
}

std::string join(const ValueMap& map) {
  if (map.empty()) return "[:]";
  std::string out = "[";
  for (const auto& [key, member] : map) {
    if (out.size() > 1) out += ", ";
    out += key + ":" + to_string(member);
  }
  return out + "]";
}

}  // namespace

const Value* Value::member(std::string_view key) const {
  if (const ValueMap* members = map()) {
    for (const auto& [name, value] : *members) {
      if (name == key) return &value;
    }
  }
  return nullptr;
}

std::string to_string(const Value& value) {
  struct Printer {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t n) const { return std::to_string(n); }
    std::string operator()(double n) const { return fmt::format("{}", n); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const ValueList& list) const { return join(list); }
    std::string operator()(const ValueMap& map) const { return join(map); }
  };
  return std::visit(Printer{}, value.data);
}

bool is_true(const Value& value) {
  struct Truth {
    bool operator()(std::nullptr_t) const { return false; }
    bool operator()(bool flag) const { return flag; }
    bool operator()(std::int64_t n) const { return n != 0; }
    bool operator()(double n) const { return n < 0 || n > 0; }
    bool operator()(const std::string& text) const { return !text.empty(); }
    bool operator()(const ValueList& list) const { return !list.empty(); }
    bool operator()(const ValueMap& map) const { return !map.empty(); }
  };
  return std::visit(Truth{}, value.data);
}

std::string_view type_name(const Value& value) {
  static constexpr std::string_view kNames[] = {
      "null",     "a boolean", "an integer", "a decimal number",
      "a string", "a list",    "a map"};
  return kNames[value.data.index()];
}

}  // namespace skerry::ci
