#include "plan.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text/glob.h"
#include "jenkinsfile/step_table.h"

namespace skerry::ci {
namespace {

constexpr std::array<std::string_view, 5> kResults = {
    "SUCCESS", "UNSTABLE", "FAILURE", "NOT_BUILT", "ABORTED"};
constexpr std::array<std::string_view, 11> kPostNames = {
    "always",       "changed",  "fixed",   "regression", "aborted", "success",
    "unsuccessful", "unstable", "failure", "notBuilt",   "cleanup"};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool matches(const Condition& c, const std::string& text) {
  const auto fold = [&](const std::string& s) {
    return c.case_sensitive ? s : lower(s);
  };
  switch (c.comparator) {
    case Condition::Comparator::equals:
      return fold(c.pattern) == fold(text);
    case Condition::Comparator::glob:
      return glob_match(fold(c.pattern), fold(text));
    case Condition::Comparator::regexp: {
      RE2::Options options(RE2::Quiet);
      options.set_case_sensitive(c.case_sensitive);
      return RE2::FullMatch(text, RE2(c.pattern, options));
    }
  }
  return false;
}

bool environment_holds(const Condition& c, Scope& scope) {
  const std::string is = scope.environment(c.name).value_or("");
  const std::string expected = evaluate_text(c.left, scope);
  return c.ignore_case ? lower(is) == lower(expected) : is == expected;
}

Value coerce(const Step& step, std::string_view name, Value value) {
  const ArgumentRule* rule = find_argument(step.name, name);
  if (!rule) return value;
  if (auto typed = as_type(rule->type, value)) return std::move(*typed);
  fail(ErrorCode::invalid, "{}: '{}' of '{}' must be {}, not {}",
       to_string(step.place), name, step.name, type_name(rule->type),
       type_name(value));
}

}  // namespace

ArgumentValues::ArgumentValues(const Step& step, Scope& scope)
    : step_(step.name) {
  for (const auto& [name, expression] : step.arguments) {
    values_.emplace(name, coerce(step, name, evaluate(expression, scope)));
  }
}

bool ArgumentValues::has(std::string_view name) const {
  return values_.find(name) != values_.end();
}

const Value* ArgumentValues::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string ArgumentValues::text(std::string_view name) const {
  const Value* value = find(name);
  return value ? to_string(*value) : std::string();
}

std::int64_t ArgumentValues::integer(std::string_view name) const {
  const Value* value = find(name);
  if (!value || !value->integer()) {
    fail(ErrorCode::internal, "'{}' has no integer '{}'", step_, name);
  }
  return *value->integer();
}

bool ArgumentValues::flag(std::string_view name) const {
  const Value* value = find(name);
  return value && is_true(*value);
}

std::vector<std::string> ArgumentValues::texts(std::string_view name) const {
  std::vector<std::string> out;
  const Value* value = find(name);
  if (!value || !value->list()) return out;
  for (const Value& element : *value->list()) out.push_back(to_string(element));
  return out;
}

bool holds(const Condition& c, const WhenFacts& facts, Scope& scope) {
  const auto child_holds = [&](const Condition& child) {
    return holds(child, facts, scope);
  };
  const auto& children = c.children;
  switch (c.kind) {
    case Condition::Kind::branch:
      return !facts.branch.empty() && matches(c, facts.branch);
    case Condition::Kind::tag:
      return !facts.tag.empty() && matches(c, facts.tag);
    case Condition::Kind::building_tag:
      return !facts.tag.empty();
    case Condition::Kind::changeset:
      return facts.changed_paths &&
             std::any_of(facts.changed_paths->begin(),
                         facts.changed_paths->end(),
                         [&](const std::string& p) { return matches(c, p); });
    case Condition::Kind::environment:
      return environment_holds(c, scope);
    case Condition::Kind::equals:
      return evaluate(c.left, scope) == evaluate(c.right, scope);
    case Condition::Kind::expression:
      return is_true(evaluate(c.left, scope));
    case Condition::Kind::negation:
      return !child_holds(children.at(0));
    case Condition::Kind::all_of:
      return std::all_of(children.begin(), children.end(), child_holds);
    case Condition::Kind::any_of:
      return std::any_of(children.begin(), children.end(), child_holds);
  }
  return false;
}

std::string_view to_string(Result result) {
  return kResults[static_cast<std::size_t>(result)];
}

std::optional<Result> parse_result(std::string_view text) {
  for (std::size_t i = 0; i < kResults.size(); ++i) {
    if (kResults[i] == text) return static_cast<Result>(i);
  }
  return std::nullopt;
}

std::string_view to_string(PostWhen when) {
  return kPostNames[static_cast<std::size_t>(when)];
}

bool applies(PostWhen when, Result result, std::optional<Result> previous) {
  switch (when) {
    case PostWhen::always:
    case PostWhen::cleanup:
      return true;
    case PostWhen::changed:
      return previous != result;
    case PostWhen::fixed:
      return result == Result::success &&
             (previous == Result::failure || previous == Result::unstable);
    case PostWhen::regression:
      // Worse than before: from success to any of the three, or from unstable
      // to failure.
      return (previous == Result::success &&
              (result == Result::unstable || result == Result::failure ||
               result == Result::aborted)) ||
             (previous == Result::unstable &&
              (result == Result::failure || result == Result::aborted));
    case PostWhen::aborted:
      return result == Result::aborted;
    case PostWhen::success:
      return result == Result::success;
    case PostWhen::unsuccessful:
      return result != Result::success;
    case PostWhen::unstable:
      return result == Result::unstable;
    case PostWhen::failure:
      return result == Result::failure;
    case PostWhen::not_built:
      return result == Result::not_built;
  }
  return false;
}

}  // namespace skerry::ci
