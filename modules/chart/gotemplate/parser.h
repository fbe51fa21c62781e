// Parses template text, as Go's text/template/parse does, with its errors.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gotemplate/function.h"
#include "gotemplate/node.h"

namespace skerry::chart {

// The template `name` and all that it defines. Throws TemplateError:
// "template: x.yaml:3: unexpected EOF".
std::vector<TemplatePtr> parse_template(const std::string& name,
                                        std::string_view text,
                                        const FunctionTable& functions);

}  // namespace skerry::chart
