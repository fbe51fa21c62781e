// The functions that templates call, as a table.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gotemplate/value.h"

namespace skerry::chart {

class Execution;

std::string_view type_name(Type type);

// One call: checked arguments and the execution it happens in.
class Invocation {
 public:
  Invocation(Execution& execution, std::span<Value> arguments)
      : execution_(execution), arguments_(arguments) {}
  std::size_t size() const { return arguments_.size(); }
  const Value& operator[](std::size_t i) const { return arguments_[i]; }
  const std::string& string(std::size_t i) const {
    return arguments_[i].string();
  }
  std::int64_t integer(std::size_t i) const { return arguments_[i].integer(); }
  std::span<Value> all() const { return arguments_; }
  std::span<Value> from(std::size_t i) const { return arguments_.subspan(i); }
  Execution& execution() const { return execution_; }

 private:
  Execution& execution_;
  std::span<Value> arguments_;
};

struct Function {
  std::string_view name;
  std::vector<Type> parameters;  // the last repeats when variadic
  bool is_variadic = false;
  // Empty: known to Helm, not to us; templates that use it are refused.
  Value (*call)(Invocation&) = nullptr;
};

// Names and functions; immutable once built, so threads may share it.
class FunctionTable {
 public:
  // A later function replaces an earlier one of the same name.
  void add(std::span<const Function> functions);
  const Function* find(std::string_view name) const;

 private:
  std::map<std::string_view, Function> functions_;
};

}  // namespace skerry::chart
