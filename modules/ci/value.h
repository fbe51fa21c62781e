// Value: what an expression of a Jenkinsfile gives when it is evaluated.
// Thread-safe like any plain value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace skerry::ci {

struct Value;
using ValueList = std::vector<Value>;
// In the order written; keys are unique.
using ValueMap = std::vector<std::pair<std::string, Value>>;

struct Value {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string,
               ValueList, ValueMap>
      data = nullptr;

  Value() = default;
  Value(bool flag) : data(flag) {}
  Value(std::int64_t number) : data(number) {}
  Value(int number) : data(std::int64_t{number}) {}
  Value(double number) : data(number) {}
  Value(std::string text) : data(std::move(text)) {}
  Value(std::string_view text) : data(std::string(text)) {}
  Value(const char* text) : data(std::string(text)) {}
  Value(ValueList list) : data(std::move(list)) {}
  Value(ValueMap map) : data(std::move(map)) {}

  bool is_null() const { return data.index() == 0; }
  const bool* flag() const { return std::get_if<bool>(&data); }
  const std::int64_t* integer() const {
    return std::get_if<std::int64_t>(&data);
  }
  const std::string* text() const { return std::get_if<std::string>(&data); }
  const ValueList* list() const { return std::get_if<ValueList>(&data); }
  const ValueMap* map() const { return std::get_if<ValueMap>(&data); }
  // A map's member, or nullptr.
  const Value* member(std::string_view key) const;

  bool operator==(const Value&) const = default;
};

// As Groovy prints it: null, true, 12, 1.5, text, [a, b], [k:v].
std::string to_string(const Value& value);
// As Groovy's `if` reads it: null, false, 0, "", [] and [:] are false.
bool is_true(const Value& value);
// "null", "a boolean", "an integer", "a string", "a list", "a map".
std::string_view type_name(const Value& value);

}  // namespace skerry::ci
