// Reads the arguments of a directive (an option, a parameter, a condition),
// which are plain values known when the file is read. Every fault is
// reported; a getter then gives nothing.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/syntax.h"

namespace skerry::ci {

class ArgumentReader {
 public:
  // An argument without a name goes by `unnamed`.
  ArgumentReader(const Node& call, std::string_view unnamed, Faults& faults);

  const Place& place() const { return call_.place; }
  // What was given, or nullptr.
  const Node* find(std::string_view name);
  std::optional<std::string> text(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<bool> flag(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name);
  // As text(), but reports an absent argument.
  std::string required_text(std::string_view name);
  // Reports arguments that nobody asked for.
  void finish();

 private:
  std::optional<Value> value(std::string_view name, std::string_view type);
  void wrong_type(const Node& node, std::string_view name,
                  std::string_view type);

  const Node& call_;
  std::string_view unnamed_;
  Faults& faults_;
  std::vector<std::string_view> asked_;
};

}  // namespace skerry::ci
