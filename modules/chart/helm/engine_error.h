// How Helm 4 tells the errors of templates.
#pragma once

#include <string>

#include "gotemplate/error.h"

namespace skerry::chart {

// "parse error at (app/templates/x.yaml:3): unexpected EOF"
Error explain_parse_error(const std::string& file, const TemplateError& error);
// Several lines: place, what was executed, message; or one line for what
// "fail" and "required" say.
Error explain_execution_error(const std::string& file,
                              const TemplateError& error);

}  // namespace skerry::chart
