// A JSON schema in the form in which values are checked: references are
// resolved, patterns compiled. Immutable once compiled; thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gotemplate/value.h"

namespace re2 {
class RE2;
}

namespace skerry::chart::schema {

struct Schema;
using Regex = std::shared_ptr<const re2::RE2>;
using SchemaMap = std::vector<std::pair<std::string, const Schema*>>;
using SchemaList = std::vector<const Schema*>;

// Which types a value may have, as bits.
enum TypeBit : unsigned {
  kNull = 1,
  kBoolean = 2,
  kNumber = 4,
  kInteger = 8,
  kString = 16,
  kArray = 32,
  kObject = 64,
};

struct Schema {
  std::string url, pointer;  // of the document, and into it
  std::string location;      // both, escaped
  int draft = 2020;          // 4, 6, 7, 2019
  const Schema* resource = nullptr;  // the schema with an id around it

  std::optional<bool> constant{};  // true, false or {}
  Value keywords{};                // those without a member below
  unsigned types = 0;
  bool asserts_format = false;

  const Schema *ref = nullptr, *recursive_ref = nullptr, *dynamic_ref = nullptr;
  std::string dynamic_ref_anchor{}, dynamic_anchor{};
  bool recursive_anchor = false;
  SchemaMap dynamic_anchors{};

  const Schema *negated = nullptr, *condition = nullptr, *then = nullptr,
               *otherwise = nullptr;
  SchemaList all_of{}, any_of{}, one_of{};

  SchemaMap properties{}, dependent_schemas{}, dependency_schemas{};
  std::vector<std::pair<Regex, const Schema*>> pattern_properties{};
  const Schema *property_names = nullptr, *unevaluated_properties = nullptr;
  const Schema* additional_properties = nullptr;
  std::optional<bool> allows_additional_properties{};

  const Schema *items = nullptr, *contains = nullptr,
               *unevaluated_items = nullptr, *additional_items = nullptr;
  SchemaList first_items{};  // prefixItems, or items as a list
  std::optional<bool> allows_additional_items{};
  Regex pattern{};

  bool evaluates_all_properties = false, evaluates_all_items = false;
  std::size_t evaluated_items = 0;

  const Value* keyword(std::string_view name) const {
    return keywords.find(name);
  }
};

const Schema* find_in(const SchemaMap& map, std::string_view name);

}  // namespace skerry::chart::schema
