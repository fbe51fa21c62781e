// sprig and Helm: JSON.
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/go_json.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, A = Type::any;

// Helm and sprig swallow what cannot be written.
Value written(In in, const JsonStyle& style, bool must) {
  try {
    std::string text = write_json(in[0], style);
    in.execution().charge_bytes(text.size());
    return text;
  } catch (const TemplateError&) {
    throw;
  } catch (const Error& error) {
    if (must || error.code() == ErrorCode::too_large) throw;
    return "";
  }
}

Value error_map(const std::string& message) {
  Value map = Value::new_map();
  map.set("Error", message);
  return map;
}

Value from_json_text(In in) {
  try {
    Value value = read_go_json(in.string(0));
    if (value.is_map()) return value;
    if (value.is_nil()) return Value::new_map();
    return error_map(fmt::format(
        "json: cannot unmarshal {} into Go value of type "
        "map[string]interface {{}}",
        json_type_name(value)));
  } catch (const TemplateError& error) {
    return error_map(error.message());
  }
}

Value from_json_array(In in) {
  auto error_list = [](std::string message) {
    return Value::new_list({Value(std::move(message))});
  };
  try {
    Value value = read_go_json(in.string(0));
    if (value.is_list()) return value;
    if (value.is_nil()) return Value::new_list({});
    return error_list(fmt::format(
        "json: cannot unmarshal {} into Go value of type []interface {{}}",
        json_type_name(value)));
  } catch (const TemplateError& error) {
    return error_list(error.message());
  }
}

}  // namespace

std::span<const Function> json_functions() {
  static const Function kTable[] = {
      {"toJson", {A}, false, [](In in) { return written(in, {}, false); }},
      {"mustToJson", {A}, false, [](In in) { return written(in, {}, true); }},
      {"toPrettyJson", {A}, false,
       [](In in) { return written(in, {true, "  "}, false); }},
      {"mustToPrettyJson", {A}, false,
       [](In in) { return written(in, {true, "  "}, true); }},
      {"toRawJson", {A}, false,
       [](In in) { return written(in, {false, ""}, true); }},
      {"mustToRawJson", {A}, false,
       [](In in) { return written(in, {false, ""}, true); }},
      {"fromJson", {S}, false, from_json_text},
      {"fromJsonArray", {S}, false, from_json_array},
      {"mustFromJson", {S}, false,
       [](In in) { return read_go_json(in.string(0)); }},
  };
  return kTable;
}

}  // namespace skerry::chart
