// Members of a policy's document; what is wrong is named by its path.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/text/json.h"
#include "policy/patterns.h"

namespace skerry::registry {

inline constexpr std::size_t kMostRules = 100;  // in each list

// One object of the document and where it stands.
class Members {
 public:
  // Throws invalid for what is no object, or has another member.
  Members(const Json& object, std::string path,
          std::initializer_list<std::string_view> known);

  std::string at(std::string_view name) const;
  // Null when it is absent.
  const Json* find(std::string_view name) const;
  // `otherwise` null: it must be there.
  std::string pattern(std::string_view name, const char* otherwise) const;
  std::optional<std::int64_t> number(std::string_view name) const;
  std::optional<std::chrono::milliseconds> duration(
      std::string_view name) const;
  bool flag(std::string_view name) const;
  // "" when it is absent.
  std::string text(std::string_view name, std::size_t longest) const;
  // Calls `each(entry, path)` for the entries of a list.
  template <typename Each>
  void list(std::string_view name, Each&& each) const {
    const Json* value = checked_list(name);
    if (value == nullptr) return;
    for (std::size_t i = 0; i < value->size(); ++i) {
      each((*value)[i], fmt::format("{}[{}]", at(name), i));
    }
  }
  [[noreturn]] void wrong(std::string_view name, std::string_view want) const;

 private:
  const Json* checked_list(std::string_view name) const;

  const Json& object_;
  const std::string path_;
};

// {"repositories": "**", "tags": ...}; `tags` null: they must be there.
TagPattern read_pattern(const Members& members, const char* tags = nullptr);
// A whole list of them.
std::vector<TagPattern> read_patterns(const Members& members,
                                      std::string_view name,
                                      const char* tags = nullptr);
Json patterns_json(const std::vector<TagPattern>& patterns);

}  // namespace skerry::registry
