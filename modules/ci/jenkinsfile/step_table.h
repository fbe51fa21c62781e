// The steps that a Jenkinsfile may use: name, arguments with type and default,
// and what Jenkins knows but Skerry refuses.
//
// To add a step: a row in step_table.cc, its execution in executor/, a case in
// tests/ci/jenkinsfile/, a line in docs/.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "value.h"

namespace skerry::ci {

enum class ArgumentType {
  text,
  integer,
  flag,
  texts,     // a list of strings
  map,       // strings by name
  scm,       // the word `scm`
  bindings,  // of withCredentials
};
std::string_view type_name(ArgumentType type);  // "an integer"
// The value as that type, if it can be one: text "5" as an integer (a GString
// gives text), anything but lists and maps as text.
std::optional<Value> as_type(ArgumentType type, const Value& value);

struct ArgumentRule {
  std::string_view name;
  ArgumentType type = ArgumentType::text;
  bool required = false;
  // Filled in when absent.
  std::optional<Value> otherwise = {};
  // Not empty: only these values are supported.
  std::vector<std::string_view> choices = {};
};

struct StepRule {
  std::string_view name;
  std::vector<ArgumentRule> arguments = {};
  // The argument that may be given without its name, if any.
  std::string_view unnamed = {};
  bool block = false;           // followed by { steps }
  bool needs_workspace = true;  // so it needs an agent
  bool gives_value = false;     // may stand inside an expression
  // Arguments that Jenkins knows and that are refused by name.
  std::vector<std::string_view> unsupported = {};
};

const StepRule* find_step(std::string_view name);
const ArgumentRule* find_argument(std::string_view step,
                                  std::string_view argument);
// The bindings of withCredentials, as rules named by their `kind`.
const StepRule* find_binding(std::string_view kind);
std::span<const StepRule> all_steps();

// Steps that Jenkins or its common plugins have and Skerry has not.
bool is_unsupported_step(std::string_view name);
bool is_unsupported_binding(std::string_view kind);

}  // namespace skerry::ci
