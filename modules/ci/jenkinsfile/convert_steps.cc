#include <algorithm>
#include <array>

#include "jenkinsfile/convert.h"

namespace skerry::ci {
namespace {

constexpr auto kDirectives = std::to_array<std::string_view>(
    {"agent", "environment", "options", "parameters", "post", "stages", "steps",
     "tools", "triggers", "when", "pipeline", "matrix", "libraries"});

void report_unknown(const Node& call, Faults& faults) {
  const std::string& name = call.name;
  if (name == "stage") {
    faults.add(call.place, "'stage' cannot stand among steps");
  } else if (name == "parallel") {
    faults.add(call.place,
               "'parallel' is not supported as a step; write a stage with "
               "'parallel {{ stage(...) ... }}'");
  } else if (is_unsupported_step(name)) {
    faults.add(call.place, "'{}' is not supported yet", name);
  } else if (std::find(kDirectives.begin(), kDirectives.end(), name) !=
             kDirectives.end()) {
    faults.add(call.place, "'{}' cannot stand among steps", name);
  } else {
    std::vector<std::string_view> names;
    for (const StepRule& rule : all_steps()) names.push_back(rule.name);
    faults.add(call.place, "unknown step '{}'{}", name,
               suggestion(name, names));
  }
}

void report_not_a_step(const Statement& statement, Faults& faults) {
  switch (statement.kind) {
    case Statement::Kind::assignment:
      faults.add(statement.place,
                 "assigning to '{}' is not supported; use 'environment' or "
                 "'withEnv'",
                 statement.name);
      return;
    case Statement::Kind::unsupported:
      faults.add(statement.place, "'{}' is not supported; only steps are",
                 statement.name);
      return;
    case Statement::Kind::result:
      faults.add(statement.place, "'return' is not supported; only steps are");
      return;
    case Statement::Kind::expression:
      break;
  }
  if (statement.node.kind == Node::Kind::method) {
    faults.add(statement.node.place,
               "calling the method '{}' of an object is not supported",
               statement.node.name);
  } else {
    faults.add(statement.place, "a step is expected here");
  }
}

const Value* literal(const Step& step, std::string_view name) {
  const auto found = step.arguments.find(name);
  if (found == step.arguments.end() || !found->second.is_literal()) {
    return nullptr;
  }
  return &found->second.value;
}

void check_at_least(const Step& step, std::string_view name, int least,
                    Faults& faults) {
  const Value* value = literal(step, name);
  if (value && value->integer() && *value->integer() < least) {
    faults.add(step.arguments.find(name)->second.place,
               "'{}' of '{}' must be at least {}", name, step.name, least);
  }
}

void check_sh(const Step& step, Faults& faults) {
  constexpr std::size_t kMaxLabel = 100;
  const Value* out = literal(step, "returnStdout");
  const Value* status = literal(step, "returnStatus");
  if (out && status && is_true(*out) && is_true(*status)) {
    faults.add(step.place,
               "'sh' can give either returnStdout or returnStatus, not both");
  }
  const Value* label = literal(step, "label");
  if (label && label->text() && label->text()->size() > kMaxLabel) {
    faults.add(step.place, "'label' of 'sh' is longer than {} characters",
               kMaxLabel);
  }
}

void check_overrides(const Step& step, Faults& faults) {
  const auto found = step.arguments.find("overrides");
  if (found == step.arguments.end()) return;
  for (const Expression& e : found->second.parts) {
    if (!e.is_literal() || !e.value.text()) continue;
    const std::size_t equals = e.value.text()->find('=');
    if (equals == std::string::npos || equals == 0) {
      faults.add(e.place, "'withEnv' needs 'NAME=value', not '{}'",
                 *e.value.text());
    }
  }
}

void check_values(const Step& step, Faults& faults) {
  if (step.name == "sh") check_sh(step, faults);
  if (step.name == "withEnv") check_overrides(step, faults);
  if (step.name == "retry") check_at_least(step, "count", 1, faults);
  if (step.name == "timeout") check_at_least(step, "time", 1, faults);
  if (step.name == "sleep") check_at_least(step, "time", 0, faults);
}

std::optional<Step> to_step(const Statement& statement, Faults& faults) {
  if (!statement.is_call()) {
    report_not_a_step(statement, faults);
    return std::nullopt;
  }
  const Node& call = statement.node;
  const StepRule* rule = find_step(call.name);
  if (!rule) {
    report_unknown(call, faults);
    return std::nullopt;
  }
  const std::size_t before = faults.size();
  Step step;
  step.name = call.name;
  step.place = call.place;
  step.arguments = bind_arguments(call, *rule, faults);
  if (rule->block && !call.has_block) {
    faults.add(call.place, "'{0}' needs a block of steps: {0} ... {{ ... }}",
               call.name);
  } else if (!rule->block && call.has_block) {
    faults.add(call.place, "'{}' takes no block", call.name);
  }
  if (faults.size() == before) check_values(step, faults);
  if (rule->block) step.block = to_steps(call.block, faults);
  return step;
}

}  // namespace

std::vector<Step> to_steps(const std::vector<Statement>& statements,
                           Faults& faults) {
  std::vector<Step> out;
  for (const Statement& statement : statements) {
    if (auto step = to_step(statement, faults)) out.push_back(std::move(*step));
  }
  return out;
}

}  // namespace skerry::ci
