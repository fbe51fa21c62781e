#include "helm/schema/validator.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/text/unicode.h"
#include "gotemplate/go_json.h"
#include "helm/schema/visit.h"

namespace skerry::chart::schema {

namespace {

constexpr std::string_view kTypeNames[] = {
    "null", "boolean", "number", "integer", "string", "array", "object"};

unsigned type_of(const Value& value) {
  switch (value.kind()) {
    case Kind::nil: return kNull;
    case Kind::boolean: return kBoolean;
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64:
    case Kind::number: return kNumber;
    case Kind::string: return kString;
    case Kind::list: return kArray;
    case Kind::map: return kObject;
    case Kind::object:
      if (as_json_number(value)) return kNumber;
      return 0;
    case Kind::bytes: return 0;
  }
  return 0;
}

std::string joined_types(unsigned types) {
  std::string out;
  for (unsigned i = 0; i < std::size(kTypeNames); ++i) {
    if (!(types & (1u << i))) continue;
    if (!out.empty()) out += " or ";
    out += kTypeNames[i];
  }
  return out;
}

bool is_scalar(const Value& value) {
  return !value.is_map() && !value.is_list();
}

}  // namespace

std::vector<Complaint> validate(const Schema& schema, const Value& value) {
  std::uint64_t steps = 0;
  Scope scope{&schema, "", 0, 0, nullptr};
  Visit visit(schema, value, "", scope, false, steps);
  auto complaint = visit.run();
  if (!complaint) return {};
  if (complaint->kind == Complaint::Kind::group) return complaint->causes;
  return {std::move(*complaint)};
}

Visit::Visit(const Schema& schema, const Value& value, std::string at,
             const Scope& scope, bool is_silent, std::uint64_t& steps,
             bool caller_needs)
    : schema_(schema),
      value_(value),
      at_(std::move(at)),
      scope_(scope),
      is_silent_(is_silent),
      steps_(steps) {
  constexpr std::uint64_t kMaxSteps = 3'000'000;
  if (++steps_ > kMaxSteps) {
    fail(ErrorCode::too_large,
         "checking values against values.schema.json takes more than {} steps",
         kMaxSteps);
  }
  constexpr int kMaxDepth = 1500;
  if (scope.depth > kMaxDepth) {
    fail(ErrorCode::too_large, "values.schema.json nests too deeply");
  }
  if (value.is_map() && !schema.evaluates_all_properties &&
      (caller_needs || schema.unevaluated_properties)) {
    for (auto& [name, item] : value.entries()) left_properties_.insert(name);
  }
  if (value.is_list() && !schema.evaluates_all_items &&
      (caller_needs || schema.unevaluated_items)) {
    for (std::size_t i = schema.evaluated_items; i < value.items().size();
         ++i) {
      left_items_.insert(i);
    }
  }
}

Complaint Visit::complain(std::string text) const {
  if (is_silent_) return {};
  Complaint made;
  made.at = at_;
  made.text = std::move(text);
  return made;
}

std::optional<Complaint> Visit::run() {
  if (schema_.constant) {
    if (*schema_.constant) return {};
    return complain("false schema");
  }
  if (auto cycle = find_cycle()) return cycle;
  if (auto wrong = check_type_and_enum()) return wrong;
  if (auto wrong = check_format()) return wrong;
  if (schema_.ref) {
    auto wrong = check_reference(*schema_.ref, "$ref");
    if (schema_.draft < 2019) return wrong;
    add(std::move(wrong));
  }
  if (value_.is_map()) {
    check_object();
  } else if (value_.is_list()) {
    check_array();
  } else if (value_.is_string()) {
    check_string();
  } else if (type_of(value_) == kNumber) {
    check_number();
  }
  if (complaints_.empty() || !is_silent_) {
    if (schema_.draft >= 2019) check_references();
    check_conditions();
    if (schema_.draft >= 2019) check_unevaluated();
  }
  if (complaints_.empty()) return {};
  if (complaints_.size() == 1) return std::move(complaints_[0]);
  Complaint group = complain("validation failed");
  group.kind = Complaint::Kind::group;
  group.causes = std::move(complaints_);
  return group;
}

// The same schema for the same value, further out.
std::optional<Complaint> Visit::find_cycle() const {
  auto path = [](const Scope* scope) {
    std::string out;
    for (; scope->parent; scope = scope->parent) {
      if (!scope->keyword.empty()) {
        out = fmt::format("/{}{}", scope->keyword, out);
      } else {
        auto& outer = scope->parent->schema->location;
        auto& inner = scope->schema->location;
        out = inner.substr(std::min(outer.size(), inner.size())) + out;
      }
    }
    return out;
  };
  for (auto* outer = scope_.parent; outer && outer->value_id == scope_.value_id;
       outer = outer->parent) {
    if (outer->schema != scope_.schema) continue;
    return complain(
        fmt::format("both {} and {} resolve to {} causing reference cycle",
                    path(&scope_), path(outer), quote(schema_.location)));
  }
  return {};
}

std::optional<Complaint> Visit::check_type_and_enum() const {
  unsigned type = type_of(value_);
  if (type == 0) {
    return complain("invalid jsonType " + type_name(value_));
  }
  if (schema_.types != 0 && !(schema_.types & type)) {
    auto number = type == kNumber && (schema_.types & kInteger)
                      ? exact_number(value_)
                      : std::nullopt;
    if (!number || !is_whole(*number)) {
      return complain(fmt::format("got {}, want {}", joined_types(type),
                                  joined_types(schema_.types)));
    }
  }
  const Value* constant =
      schema_.draft >= 6 ? schema_.keyword("const") : nullptr;
  if (constant && !json_equal(value_, *constant)) {
    return complain(is_scalar(*constant) ? "value must be " + shown(*constant)
                                         : "'const' failed");
  }
  const Value* choices = schema_.keyword("enum");
  if (!choices || !choices->is_list()) return {};
  auto& items = choices->items();
  bool matches = std::any_of(items.begin(), items.end(), [&](auto& item) {
    return json_equal(value_, item);
  });
  if (matches) return {};
  if (!std::all_of(items.begin(), items.end(), is_scalar)) {
    return complain("'enum' failed");
  }
  std::string names;
  for (auto& item : items) {
    if (!names.empty()) names += ", ";
    names += shown(item);
  }
  return complain((items.size() == 1 ? "value must be " : "value must be one of ") +
                  names);
}

void Visit::check_number() {
  auto got = exact_number(value_);
  if (!got) return;
  auto number_at = [&](std::string_view name) -> std::optional<Decimal> {
    const Value* value = schema_.keyword(name);
    return value ? exact_number(*value) : std::nullopt;
  };
  auto is_set = [&](std::string_view name) {
    const Value* value = schema_.keyword(name);
    return value && value->kind() == Kind::boolean && value->boolean();
  };
  auto compare_to = [&](std::string_view name, std::string_view exclusive,
                        int wrong) {
    // Draft 4 has a boolean beside the bound.
    auto bound = number_at(name);
    auto strict = is_set(exclusive) ? bound : number_at(exclusive);
    if (bound && !is_set(exclusive) && compare(*got, *bound) == wrong) {
      add(complain(fmt::format("{}: got {}, want {}", name, localized(*got),
                               localized(*bound))));
    }
    return strict && (compare(*got, *strict) == wrong ||
                      compare(*got, *strict) == 0)
               ? strict
               : std::nullopt;
  };
  auto low = compare_to("minimum", "exclusiveMinimum", -1);
  auto high = compare_to("maximum", "exclusiveMaximum", 1);
  auto complain_of = [&](std::string_view name, const Decimal& bound) {
    add(complain(fmt::format("{}: got {}, want {}", name, localized(*got),
                             localized(bound))));
  };
  if (low) complain_of("exclusiveMinimum", *low);
  if (high) complain_of("exclusiveMaximum", *high);
  auto step = number_at("multipleOf");
  if (step && !is_multiple(*got, *step)) complain_of("multipleOf", *step);
}

void Visit::check_string() {
  const std::string& text = value_.string();
  auto least = count_at("minLength"), most = count_at("maxLength");
  if (least || most) {
    auto length = static_cast<std::int64_t>(unicode::decode(text).size());
    if (least && length < *least) complain_of_count("minLength", length, *least);
    if (most && length > *most) complain_of_count("maxLength", length, *most);
  }
  if (schema_.pattern && !re2::RE2::PartialMatch(text, *schema_.pattern)) {
    add(complain(single_quoted(text) + " does not match pattern " +
                 single_quoted(schema_.pattern->pattern())));
  }
}

std::optional<std::int64_t> Visit::count_at(std::string_view name) const {
  const Value* value = schema_.keyword(name);
  auto number = value ? exact_number(*value) : std::nullopt;
  if (!number || !is_whole(*number)) return {};
  return static_cast<std::int64_t>(number->to_double());
}

void Visit::complain_of_count(std::string_view name, std::int64_t got,
                              std::int64_t want) {
  add(complain(fmt::format("{}: got {}, want {}", name, localized(got),
                           localized(want))));
}

void Visit::add(std::optional<Complaint> complaint) {
  if (complaint) complaints_.push_back(std::move(*complaint));
}

std::optional<Complaint> Visit::check_format() const {
  if (!schema_.asserts_format || !value_.is_string()) return {};
  const Value* format = schema_.keyword("format");
  if (!format || !format->is_string()) return {};
  auto problem = format_problem(format->string(), value_.string());
  if (!problem) return {};
  return complain(fmt::format("{} is not valid {}: {}",
                              single_quoted(value_.string()), format->string(),
                              *problem));
}

}  // namespace skerry::chart::schema
