// What `helm lint` asks of an object that a template gave.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/text/json.h"

namespace skerry::chart {

struct LintedObject {
  std::string api_version, kind, name;
};

// The first part of a document that Helm looks at; throws invalid with
// encoding/json's sentence for what has another shape.
LintedObject read_linted_object(const Json& document);

// "" or why Kubernetes would refuse the name for an object of this kind:
// "metadata.name: Invalid value: ...".
std::string name_problem(const LintedObject& object);

// Chart.yaml: the first member that Helm does not know, or "".
std::string unknown_member(const Json& chart_file);

// govalidator's IsRequestURL, IsURL and IsEmail, near enough.
bool is_request_url(const std::string& text);
bool is_web_address(const std::string& text);
bool is_email(std::string_view text);

}  // namespace skerry::chart
