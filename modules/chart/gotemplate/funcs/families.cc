#include "gotemplate/funcs/families.h"

namespace skerry::chart {

const FunctionTable& helm_functions() {
  static const FunctionTable table = [] {
    FunctionTable made;
    for (auto family :
         {builtin_functions(), string_functions(), case_functions(),
          list_functions(), dict_functions(), number_functions(),
          type_functions(), encoding_functions(), regex_functions(),
          semver_functions(), path_functions(), json_functions(),
          yaml_functions(), toml_functions(), date_functions(),
          random_functions(), crypto_functions(), password_functions(),
          engine_functions()}) {
      made.add(family);
    }
    return made;
  }();
  return table;
}

}  // namespace skerry::chart
