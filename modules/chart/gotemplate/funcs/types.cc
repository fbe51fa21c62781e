// sprig: defaults and reflection.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, A = Type::any;

Value coalesce(In in) {
  for (auto& value : in.all()) {
    if (!is_empty(value)) return value;
  }
  return {};
}

Value all(In in) {
  for (auto& value : in.all()) {
    if (is_empty(value)) return false;
  }
  return true;
}

Value any(In in) {
  for (auto& value : in.all()) {
    if (!is_empty(value)) return true;
  }
  return false;
}

}  // namespace

std::span<const Function> type_functions() {
  static const Function kTable[] = {
      {"default", {A, A}, true,
       [](In in) {
         return in.size() < 2 || is_empty(in[1]) ? in[0] : in[1];
       }},
      {"empty", {A}, false, [](In in) { return Value(is_empty(in[0])); }},
      {"coalesce", {A}, true, coalesce},
      {"all", {A}, true, all},
      {"any", {A}, true, any},
      {"ternary", {A, A, Type::boolean}, false,
       [](In in) { return in[2].boolean() ? in[0] : in[1]; }},
      {"typeOf", {A}, false, [](In in) { return Value(type_name(in[0])); }},
      {"typeIs", {S, A}, false,
       [](In in) { return Value(in.string(0) == type_name(in[1])); }},
      {"typeIsLike", {S, A}, false,
       [](In in) {
         std::string type = type_name(in[1]);
         return Value(in.string(0) == type || "*" + in.string(0) == type);
       }},
      {"kindOf", {A}, false, [](In in) { return Value(kind_name(in[0])); }},
      {"kindIs", {S, A}, false,
       [](In in) { return Value(in.string(0) == kind_name(in[1])); }},
      {"deepEqual", {A, A}, false,
       [](In in) {
         std::uint64_t visited = 0;
         bool equal = deep_equal(in[0], in[1], &visited);
         in.execution().charge_steps(visited);
         return Value(equal);
       }},
  };
  return kTable;
}

}  // namespace skerry::chart
