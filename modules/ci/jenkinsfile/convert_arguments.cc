#include <algorithm>

#include "jenkinsfile/convert.h"

namespace skerry::ci {
namespace {

using Bound = std::map<std::string, Expression, std::less<>>;

const ArgumentRule* rule_of(const StepRule& step, std::string_view name) {
  for (const ArgumentRule& rule : step.arguments) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

void report_unknown(const Argument& argument, const StepRule& step,
                    Faults& faults) {
  const auto& refused = step.unsupported;
  if (std::find(refused.begin(), refused.end(), argument.name) !=
      refused.end()) {
    faults.add(argument.place, "'{}' of '{}' is not supported yet",
               argument.name, step.name);
    return;
  }
  std::vector<std::string_view> names;
  for (const ArgumentRule& rule : step.arguments) names.push_back(rule.name);
  faults.add(argument.place, "'{}' has no argument '{}'{}", step.name,
             argument.name, suggestion(argument.name, names));
}

// Whether what is known now of the expression fits the type.
bool fits(ArgumentType type, const Expression& e) {
  using Kind = Expression::Kind;
  const bool is_list = e.kind == Kind::list, is_map = e.kind == Kind::map;
  const auto all_text = [&] {
    return std::all_of(e.parts.begin(), e.parts.end(), [](const Expression& p) {
      return fits(ArgumentType::text, p);
    });
  };
  switch (type) {
    case ArgumentType::text:
      return !is_list && !is_map && (!e.is_literal() || e.value.text());
    case ArgumentType::integer:
      return !is_list && !is_map && (!e.is_literal() || e.value.integer());
    case ArgumentType::flag:
      return !is_list && !is_map && (!e.is_literal() || e.value.flag());
    case ArgumentType::texts:
      return is_list && all_text();
    case ArgumentType::map:
      return is_map && all_text();
    case ArgumentType::scm:
    case ArgumentType::bindings:
      return true;
  }
  return false;
}

std::string join(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

void check_choice(const ArgumentRule& rule, const StepRule& step,
                  const Expression& e, Faults& faults) {
  if (rule.choices.empty()) return;
  if (!e.is_literal()) {
    faults.add(e.place, "'{}' of '{}' must be written out", rule.name,
               step.name);
    return;
  }
  const std::string value = to_string(e.value);
  if (std::find(rule.choices.begin(), rule.choices.end(), value) !=
      rule.choices.end()) {
    return;
  }
  if (rule.type == ArgumentType::flag) {
    faults.add(e.place, "'{}: {}' of '{}' is not supported yet", rule.name,
               value, step.name);
  } else {
    faults.add(e.place, "'{}' of '{}' must be one of {}, not '{}'", rule.name,
               step.name, join(rule.choices), value);
  }
}

// credential bindings: [string(credentialsId: 'a', variable: 'B'), ...]
Expression convert_bindings(const Node& node, Faults& faults) {
  Expression out;
  out.kind = Expression::Kind::list;
  out.place = node.place;
  if (node.kind != Node::Kind::list || node.children.empty()) {
    faults.add(node.place,
               "'withCredentials' needs a list of bindings: "
               "[string(credentialsId: '...', variable: '...')]");
    return out;
  }
  for (const Node& child : node.children) {
    const StepRule* rule = find_binding(child.name);
    if (child.kind != Node::Kind::call || !rule) {
      if (is_unsupported_binding(child.name)) {
        faults.add(child.place,
                   "the credential binding '{}' is not supported yet",
                   child.name);
      } else {
        faults.add(child.place, "'{}' is not a credential binding", child.name);
      }
      continue;
    }
    Expression binding;
    binding.kind = Expression::Kind::map;
    binding.place = child.place;
    binding.keys.push_back("kind");
    binding.parts.push_back(Expression::of(child.name, child.place));
    for (auto& [name, value] : bind_arguments(child, *rule, faults)) {
      binding.keys.push_back(name);
      binding.parts.push_back(std::move(value));
    }
    out.parts.push_back(std::move(binding));
  }
  return out;
}

Expression convert_value(const Argument& argument, const ArgumentRule& rule,
                         const StepRule& step, Faults& faults) {
  const Node& node = argument.value;
  if (rule.type == ArgumentType::bindings) {
    return convert_bindings(node, faults);
  }
  if (rule.type == ArgumentType::scm) {
    if (node.kind != Node::Kind::name || node.name != "scm") {
      faults.add(node.place,
                 "only 'checkout scm' is supported; use 'git' for another "
                 "repository");
    }
    return Expression::of("scm", node.place);
  }
  const std::size_t before = faults.size();
  Expression e = to_expression(node, faults);
  if (faults.size() != before) return e;
  if (!fits(rule.type, e)) {
    faults.add(node.place, "'{}' of '{}' must be {}{}", rule.name, step.name,
               type_name(rule.type),
               e.is_literal() ? ", not " + std::string(type_name(e.value))
                              : std::string());
  } else {
    check_choice(rule, step, e, faults);
  }
  return e;
}

// The name that an argument goes by, "" after a fault.
std::string_view name_of(const Argument& argument, const Node& call,
                         const StepRule& step, Faults& faults) {
  if (!argument.name.empty()) return argument.name;
  if (call.arguments.size() == 1 && !step.unnamed.empty()) return step.unnamed;
  if (step.arguments.empty()) {
    faults.add(argument.place, "'{}' takes no arguments", step.name);
  } else if (step.unnamed.empty() || call.arguments.size() > 1) {
    faults.add(argument.place, "the arguments of '{}' must be named: {}: ...",
               step.name, step.arguments.front().name);
  }
  return {};
}

}  // namespace

Bound bind_arguments(const Node& call, const StepRule& step, Faults& faults) {
  Bound bound;
  const std::size_t before = faults.size();
  for (const Argument& argument : call.arguments) {
    const std::string_view name = name_of(argument, call, step, faults);
    if (name.empty()) continue;
    const ArgumentRule* rule = rule_of(step, name);
    if (!rule) {
      report_unknown(argument, step, faults);
    } else if (bound.find(name) != bound.end()) {
      faults.add(argument.place, "'{}' is given twice", name);
    } else {
      bound.emplace(name, convert_value(argument, *rule, step, faults));
    }
  }
  for (const ArgumentRule& rule : step.arguments) {
    if (bound.find(rule.name) != bound.end()) continue;
    if (rule.otherwise) {
      bound.emplace(rule.name, Expression::of(*rule.otherwise));
    } else if (rule.required && faults.size() == before) {
      faults.add(call.place, "'{}' needs the argument '{}'", step.name,
                 rule.name);
    }
  }
  return bound;
}

}  // namespace skerry::ci
