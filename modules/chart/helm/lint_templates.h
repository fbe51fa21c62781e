// The part of linting that renders the templates.
#pragma once

#include <vector>

#include "helm/lint.h"

namespace skerry::chart {

// Adds what it finds to `messages`. Throws what rendering throws.
void check_templates(Chart& chart, const Value& values,
                     const LintOptions& options, const Log& log,
                     std::vector<LintMessage>& messages);

}  // namespace skerry::chart
