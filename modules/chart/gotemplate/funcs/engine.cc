// What Helm's engine adds: include, tpl, required, fail, lookup.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, A = Type::any;

[[noreturn]] void stop_with_warning(const std::string& message) {
  fail_call("HELM_ERR_START{}HELM_ERR_END", message);
}

void log(In in, std::string_view level, const std::string& message) {
  auto& environment = in.execution().environment();
  if (environment.log) environment.log(level, message);
}

Value required(In in) {
  bool missing =
      in[1].is_nil() || (in[1].is_string() && in.string(1).empty());
  if (!missing) return in[1];
  if (in.execution().environment().is_lint) {
    log(in, "WARN",
        fmt::format("msg=\"missing required value{}\" message={}",
                    in[1].is_nil() ? "" : "s", quote(in.string(0))));
    return "";
  }
  stop_with_warning(in.string(0));
}

Value fail_template(In in) {
  if (in.execution().environment().is_lint) {
    log(in, "INFO",
        fmt::format("msg=\"funcMap fail\" message={}", quote(in.string(0))));
    return "";
  }
  stop_with_warning(in.string(0));
}

}  // namespace

std::span<const Function> engine_functions() {
  static const Function kTable[] = {
      {"include", {S, A}, false,
       [](In in) {
         return Value(in.execution().include(in.string(0), in[1]));
       }},
      {"tpl", {S, A}, false,
       [](In in) { return Value(in.execution().tpl(in.string(0), in[1])); }},
      {"required", {S, A}, false, required},
      {"fail", {S}, false, fail_template},
      // There is no cluster to ask.
      {"lookup", {S, S, S, S}, false,
       [](In) { return Value::new_map(); }},
      {"getHostByName", {S}, false, [](In) { return Value(""); }},
  };
  return kTable;
}

}  // namespace skerry::chart
