#include "helm/schema/visit.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "helm/schema/uri.h"

namespace skerry::chart::schema {

namespace {

std::string quoted_names(const std::vector<std::string>& names) {
  std::string out;
  for (auto& name : names) {
    if (!out.empty()) out += ", ";
    out += single_quoted(name);
  }
  return out;
}

std::string numbers(const std::vector<std::size_t>& list) {
  std::string out;
  for (auto number : list) {
    if (!out.empty()) out += ' ';
    out += std::to_string(number);
  }
  return out;
}

}  // namespace

void Visit::add_with(std::string text, std::vector<Complaint> causes) {
  Complaint made = complain(std::move(text));
  made.causes = std::move(causes);
  complaints_.push_back(std::move(made));
}

std::optional<Complaint> Visit::check_self(const Schema& schema,
                                           bool is_silent,
                                           std::string_view keyword) {
  Scope scope{&schema, keyword, scope_.value_id, scope_.depth + 1, &scope_};
  bool needs = !left_properties_.empty() || !left_items_.empty();
  Visit visit(schema, value_, at_, scope, is_silent_ || is_silent, steps_,
              needs);
  auto complaint = visit.run();
  if (complaint) return complaint;
  std::erase_if(left_properties_, [&](auto& name) {
    return !visit.left_properties_.contains(name);
  });
  std::erase_if(left_items_, [&](std::size_t i) {
    return !visit.left_items_.contains(i);
  });
  return {};
}

std::optional<Complaint> Visit::check_part(const Schema& schema,
                                           const Value& part,
                                           std::string_view token) {
  Scope scope{&schema, "", scope_.value_id + 1, scope_.depth + 1, &scope_};
  Visit visit(schema, part, at_ + "/" + escape_pointer(token), scope,
              is_silent_, steps_);
  return visit.run();
}

std::optional<Complaint> Visit::check_reference(const Schema& schema,
                                                std::string_view keyword) {
  auto complaint = check_self(schema, false, keyword);
  if (!complaint) return {};
  Complaint made = complain("validation failed");
  made.kind = Complaint::Kind::reference;
  if (complaint->kind == Complaint::Kind::group) {
    made.causes = std::move(complaint->causes);
  } else {
    made.causes.push_back(std::move(*complaint));
  }
  return made;
}

std::vector<std::string> Visit::missing_of(const Value& required) const {
  std::vector<std::string> missing;
  if (!required.is_list()) return missing;
  for (auto& name : required.items()) {
    if (name.is_string() && !value_.find(name.string())) {
      missing.push_back(name.string());
    }
  }
  return missing;
}

void Visit::check_object() {
  auto size = static_cast<std::int64_t>(value_.entries().size());
  if (auto least = count_at("minProperties"); least && size < *least) {
    complain_of_count("minProperties", size, *least);
  }
  if (auto most = count_at("maxProperties"); most && size > *most) {
    complain_of_count("maxProperties", size, *most);
  }
  if (auto* required = schema_.keyword("required")) {
    auto missing = missing_of(*required);
    if (!missing.empty()) {
      add(complain((missing.size() == 1 ? "missing property "
                                        : "missing properties ") +
                   quoted_names(missing)));
    }
  }
  if (is_silent_ && !complaints_.empty()) return;
  check_dependencies();
  check_members();
  if (schema_.draft >= 6) check_names();
  if (schema_.draft >= 7) check_dependents();
}

void Visit::check_dependencies() {
  const Value* dependencies = schema_.keyword("dependencies");
  if (!dependencies || !dependencies->is_map()) return;
  for (auto& [name, wanted] : dependencies->entries()) {
    if (!value_.find(name)) continue;
    if (auto* sub = find_in(schema_.dependency_schemas, name)) {
      add(check_self(*sub, false));
      continue;
    }
    auto missing = missing_of(wanted);
    if (missing.empty()) continue;
    add(complain(fmt::format("properties {} required, if {} exists",
                             quoted_names(missing), single_quoted(name))));
  }
}

void Visit::check_members() {
  std::vector<std::string> additional;
  for (auto& [name, item] : value_.entries()) {
    if (is_silent_ && !complaints_.empty()) return;
    bool is_evaluated = false;
    if (auto* sub = find_in(schema_.properties, name)) {
      is_evaluated = true;
      add(check_part(*sub, item, name));
    }
    for (auto& [regex, sub] : schema_.pattern_properties) {
      if (!re2::RE2::PartialMatch(name, *regex)) continue;
      is_evaluated = true;
      add(check_part(*sub, item, name));
    }
    if (!is_evaluated && schema_.allows_additional_properties) {
      is_evaluated = true;
      if (!*schema_.allows_additional_properties) additional.push_back(name);
    } else if (!is_evaluated && schema_.additional_properties) {
      is_evaluated = true;
      add(check_part(*schema_.additional_properties, item, name));
    }
    if (is_evaluated) left_properties_.erase(name);
  }
  if (additional.empty()) return;
  add(complain("additional properties " + quoted_names(additional) +
               " not allowed"));
}

void Visit::check_names() {
  if (!schema_.property_names) return;
  for (auto& [name, item] : value_.entries()) {
    Value text(name);
    Scope scope{schema_.property_names, "", 0, scope_.depth + 1, nullptr};
    Visit visit(*schema_.property_names, text, "", scope, false, steps_);
    auto complaint = visit.run();
    if (!complaint) continue;
    Complaint made;
    made.text = "invalid propertyName " + single_quoted(name);
    if (complaint->kind == Complaint::Kind::group) {
      made.causes = std::move(complaint->causes);
    } else {
      made.causes.push_back(std::move(*complaint));
    }
    complaints_.push_back(std::move(made));
  }
}

void Visit::check_dependents() {
  for (auto& [name, sub] : schema_.dependent_schemas) {
    if (value_.find(name)) add(check_self(*sub, false));
  }
  const Value* required =
      schema_.draft >= 2019 ? schema_.keyword("dependentRequired") : nullptr;
  if (!required || !required->is_map()) return;
  for (auto& [name, wanted] : required->entries()) {
    if (!value_.find(name)) continue;
    auto missing = missing_of(wanted);
    if (missing.empty()) continue;
    add(complain(fmt::format("properties {} required, if {} exists",
                             quoted_names(missing), single_quoted(name))));
  }
}

void Visit::check_array() {
  auto& items = value_.items();
  auto size = static_cast<std::int64_t>(items.size());
  if (auto least = count_at("minItems"); least && size < *least) {
    complain_of_count("minItems", size, *least);
  }
  if (auto most = count_at("maxItems"); most && size > *most) {
    complain_of_count("maxItems", size, *most);
  }
  const Value* unique = schema_.keyword("uniqueItems");
  if (unique && unique->kind() == Kind::boolean && unique->boolean()) {
    steps_ += items.size() * items.size() / 8;
    for (std::size_t i = 1; i < items.size(); ++i) {
      auto same = std::find_if(
          items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i),
          [&](auto& other) { return json_equal(items[i], other); });
      auto at = static_cast<std::size_t>(same - items.begin());
      if (at == i) continue;
      add(complain(fmt::format("items at {} and {} are equal",
                               localized(static_cast<std::int64_t>(at)),
                               localized(static_cast<std::int64_t>(i)))));
      break;
    }
  }
  check_items();
  if (schema_.contains) check_contains();
}

void Visit::check_items() {
  auto& items = value_.items();
  std::size_t count = std::min(items.size(), schema_.first_items.size());
  for (std::size_t i = 0; i < count; ++i) {
    add(check_part(*schema_.first_items[i], items[i], std::to_string(i)));
  }
  // The positions of the rest count from 0, as the library has it.
  if (schema_.items) {
    for (std::size_t i = count; i < items.size(); ++i) {
      add(check_part(*schema_.items, items[i], std::to_string(i - count)));
    }
  }
  if (schema_.allows_additional_items) {
    if (!*schema_.allows_additional_items && count != items.size()) {
      add(complain(fmt::format(
          "last {} additionalItem(s) not allowed",
          localized(static_cast<std::int64_t>(items.size() - count)))));
    }
  } else if (schema_.additional_items) {
    for (std::size_t i = count; i < items.size(); ++i) {
      add(check_part(*schema_.additional_items, items[i],
                     std::to_string(i - count)));
    }
  }
}

void Visit::check_contains() {
  auto& items = value_.items();
  std::vector<Complaint> complaints;
  std::vector<std::size_t> matched;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto complaint =
        check_part(*schema_.contains, items[i], std::to_string(i));
    if (complaint) {
      complaints.push_back(std::move(*complaint));
      continue;
    }
    matched.push_back(i);
    if (schema_.draft >= 2020) left_items_.erase(i);
  }
  auto found = static_cast<std::int64_t>(matched.size());
  constexpr std::int64_t kNone = -1;
  bool counts = schema_.draft >= 2019;
  auto least = counts ? count_at("minContains").value_or(kNone) : kNone;
  auto most = counts ? count_at("maxContains").value_or(kNone) : kNone;
  if (found < least) {
    std::string text = fmt::format(
        "min {} items required to match contains schema, but ",
        localized(least));
    text += matched.empty() ? "none matched"
                            : fmt::format("matched {} items at {}",
                                          localized(found), numbers(matched));
    add_with(std::move(text), std::move(complaints));
  } else if (least == kNone && matched.empty()) {
    add_with("no items match contains schema", std::move(complaints));
  }
  if (most != kNone && found > most) {
    add(complain(fmt::format("max {} items required to match contains schema, "
                             "but matched {} items at {}",
                             localized(most), localized(found),
                             numbers(matched))));
  }
}

void Visit::check_references() {
  if (auto* target = schema_.recursive_ref) {
    if (target->recursive_anchor) {
      for (auto* scope = &scope_; scope; scope = scope->parent) {
        if (scope->schema->resource->recursive_anchor) target = scope->schema;
      }
    }
    add(check_reference(*target, "$recursiveRef"));
  }
  if (auto* target = schema_.dynamic_ref) {
    auto& anchor = schema_.dynamic_ref_anchor;
    if (!anchor.empty() && target->dynamic_anchor == anchor) {
      for (auto* scope = &scope_; scope; scope = scope->parent) {
        auto& anchors = scope->schema->resource->dynamic_anchors;
        if (auto* found = find_in(anchors, anchor)) target = found;
      }
    }
    add(check_reference(*target, "$dynamicRef"));
  }
}

void Visit::check_conditions() {
  if (schema_.negated && !check_self(*schema_.negated, true)) {
    add(complain("'not' failed"));
  }
  std::vector<Complaint> complaints;
  for (auto* sub : schema_.all_of) {
    auto complaint = check_self(*sub, false);
    if (!complaint) continue;
    complaints.push_back(std::move(*complaint));
    if (is_silent_) break;
  }
  if (!complaints.empty()) add_with("'allOf' failed", std::move(complaints));
  check_any_of();
  check_one_of();
  if (!schema_.condition) return;
  if (!check_self(*schema_.condition, true)) {
    if (schema_.then) add(check_self(*schema_.then, false));
  } else if (schema_.otherwise) {
    add(check_self(*schema_.otherwise, false));
  }
}

void Visit::check_any_of() {
  if (schema_.any_of.empty()) return;
  bool matches = false;
  std::vector<Complaint> complaints;
  for (auto* sub : schema_.any_of) {
    if (auto complaint = check_self(*sub, false)) {
      complaints.push_back(std::move(*complaint));
      continue;
    }
    matches = true;
    // What is evaluated depends on all of them.
    if (left_properties_.empty() && left_items_.empty()) break;
  }
  if (!matches) add_with("'anyOf' failed", std::move(complaints));
}

void Visit::check_one_of() {
  if (schema_.one_of.empty()) return;
  std::optional<std::size_t> matched;
  std::vector<Complaint> complaints;
  for (std::size_t i = 0; i < schema_.one_of.size(); ++i) {
    auto complaint = check_self(*schema_.one_of[i], matched.has_value());
    if (complaint) {
      if (!matched) complaints.push_back(std::move(*complaint));
    } else if (!matched) {
      matched = i;
    } else {
      add(complain(fmt::format(
          "'oneOf' failed, subschemas {}, {} matched",
          localized(static_cast<std::int64_t>(*matched)),
          localized(static_cast<std::int64_t>(i)))));
      break;
    }
  }
  if (!matched) add_with("'oneOf' failed, none matched", std::move(complaints));
}

void Visit::check_unevaluated() {
  if (value_.is_map() && schema_.unevaluated_properties) {
    for (auto& name : left_properties_) {
      add(check_part(*schema_.unevaluated_properties, *value_.find(name),
                     name));
    }
    left_properties_.clear();
  }
  if (value_.is_list() && schema_.unevaluated_items) {
    for (auto i : left_items_) {
      add(check_part(*schema_.unevaluated_items, value_.items()[i],
                     std::to_string(i)));
    }
    left_items_.clear();
  }
}

}  // namespace skerry::chart::schema
