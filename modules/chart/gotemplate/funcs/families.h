// The functions of Helm's templates, by family; each family is one file.
#pragma once

#include <span>

#include "gotemplate/function.h"

namespace skerry::chart {

std::span<const Function> builtin_functions();   // of text/template
std::span<const Function> string_functions();
std::span<const Function> case_functions();      // snakecase, title ...
std::span<const Function> list_functions();
std::span<const Function> dict_functions();
std::span<const Function> number_functions();
std::span<const Function> type_functions();      // kindOf, default ...
std::span<const Function> encoding_functions();  // b64enc, sha256sum ...
std::span<const Function> regex_functions();
std::span<const Function> semver_functions();
std::span<const Function> path_functions();      // base, urlParse ...
std::span<const Function> json_functions();
std::span<const Function> yaml_functions();
std::span<const Function> toml_functions();
std::span<const Function> date_functions();
std::span<const Function> random_functions();
std::span<const Function> engine_functions();    // include, tpl, required ...
std::span<const Function> crypto_functions();    // genCA ...
std::span<const Function> password_functions();  // htpasswd ...

// All of them, as Helm lays them over each other.
const FunctionTable& helm_functions();

}  // namespace skerry::chart
