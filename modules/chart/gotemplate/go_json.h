// encoding/json: the bytes it writes and the errors it gives. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart {

struct JsonStyle {
  bool escape_html = true;   // '<', '>' and '&' as \u003c ...
  std::string_view indent;   // MarshalIndent's; "" writes one line
};

// Throws invalid: "json: unsupported value: NaN".
std::string write_json(const Value& value, const JsonStyle& style = {});

// All numbers are float64. Throws TemplateError with encoding/json's message:
// "invalid character 'x' looking for beginning of value". Text behind the
// value is an error unless `used` is given, which gets the value's length.
Value read_go_json(std::string_view text, std::size_t* used = nullptr);

// The same with numbers as they are written: json.Number.
class JsonNumber : public Object {
 public:
  explicit JsonNumber(std::string_view literal) : text(literal) {}
  std::string type_name() const override { return "json.Number"; }
  std::string kind_name() const override { return "string"; }
  Value to_plain() const override { return Value(text); }
  std::string to_text() const override { return text; }

  const std::string text;
};
Value read_go_json_literals(std::string_view text, std::size_t* used = nullptr);
const JsonNumber* as_json_number(const Value& value);  // or nullptr

// "array", "object", "string", "number", "bool": for "cannot unmarshal ...".
std::string_view json_type_name(const Value& value);

}  // namespace skerry::chart
