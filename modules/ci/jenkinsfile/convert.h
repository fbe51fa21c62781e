// From syntax to expressions and steps: what a step's arguments may say.
// Faults are reported; the result is then incomplete.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "jenkinsfile/diagnostics.h"
#include "jenkinsfile/step_table.h"
#include "jenkinsfile/syntax.h"
#include "plan.h"

namespace skerry::ci {

Expression to_expression(const Node& node, Faults& faults);

// The arguments of `call` as the rule demands them, defaults filled in.
std::map<std::string, Expression, std::less<>> bind_arguments(
    const Node& call, const StepRule& rule, Faults& faults);

// The steps of a block, checked, with the blocks inside them.
std::vector<Step> to_steps(const std::vector<Statement>& statements,
                           Faults& faults);

}  // namespace skerry::ci
