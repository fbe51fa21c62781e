// Helm: YAML.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/go_json.h"
#include "gotemplate/go_yaml.h"
#include "gotemplate/go_yaml_pretty.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, A = Type::any;

Value to_yaml_text(In in, bool must) {
  try {
    std::string text = write_yaml(in[0]);
    in.execution().charge_bytes(text.size());
    return text;
  } catch (const Error& error) {
    if (must || error.code() == ErrorCode::too_large) throw;
    return "";
  }
}

Value to_yaml_pretty(In in) {
  try {
    std::string text = write_yaml_pretty(in[0]);
    in.execution().charge_bytes(text.size());
    return text;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::too_large) throw;
    return "";
  }
}

Value from_yaml_text(In in) {
  in.execution().charge_bytes(in.string(0).size());
  try {
    Value value = read_yaml_map(in.string(0));
    return value.is_nil() ? Value::new_map() : value;
  } catch (const TemplateError& error) {
    Value map = Value::new_map();
    map.set("Error", error.message());
    return map;
  }
}

Value from_yaml_array(In in) {
  in.execution().charge_bytes(in.string(0).size());
  auto error_list = [](std::string message) {
    return Value::new_list({Value(std::move(message))});
  };
  try {
    Value value = read_go_yaml(in.string(0));
    if (value.is_list()) return value;
    if (value.is_nil()) return Value::new_list({});
    return error_list(fmt::format(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
        "{} into Go value of type []interface {{}}",
        json_type_name(value)));
  } catch (const TemplateError& error) {
    return error_list(error.message());
  }
}

}  // namespace

std::span<const Function> yaml_functions() {
  static const Function kTable[] = {
      {"toYaml", {A}, false, [](In in) { return to_yaml_text(in, false); }},
      {"mustToYaml", {A}, false, [](In in) { return to_yaml_text(in, true); }},
      {"toYamlPretty", {A}, false, to_yaml_pretty},
      {"fromYaml", {S}, false, from_yaml_text},
      {"fromYamlArray", {S}, false, from_yaml_array},
  };
  return kTable;
}

}  // namespace skerry::chart
