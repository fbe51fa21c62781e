// Helm: TOML.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/go_toml.h"

namespace skerry::chart {

std::span<const Function> toml_functions() {
  using In = Invocation&;
  static const Function kTable[] = {
      {"toToml", {Type::any}, false,
       [](In in) {
         std::string text = write_toml(in[0]);
         in.execution().charge_bytes(text.size());
         return Value(std::move(text));
       }},
      // Read by no public chart that was looked at.
      {"fromToml", {Type::string}, false, nullptr},
  };
  return kTable;
}

}  // namespace skerry::chart
