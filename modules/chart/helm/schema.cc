#include "helm/schema.h"

#include "core/error.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/go_json.h"
#include "helm/schema/compiler.h"
#include "helm/schema/validator.h"

namespace skerry::chart {

namespace {

constexpr const char* kUrl = "file:///values.schema.json";

// json.Decoder says it in other words than json.Unmarshal.
Value read_schema(const std::string& text) {
  if (trim_space(text).empty()) fail(ErrorCode::invalid, "EOF");
  std::size_t used = 0;
  Value root;
  try {
    root = read_go_json_literals(text, &used);
  } catch (const Error& error) {
    if (error.message() != "unexpected end of JSON input") throw;
    fail(ErrorCode::invalid, "unexpected EOF");
  }
  if (!trim_space(std::string_view(text).substr(used)).empty()) {
    fail(ErrorCode::invalid, "invalid character after top-level value");
  }
  return root;
}

std::string complaints_about(const std::string& schema_text,
                             const Value& values, const Log& log) {
  schema::Compiler compiler(false, [&](const std::string& urn) {
    log("WARN", "msg=\"unresolved URN reference ignored; using permissive "
                "schema\" urn=" + urn);
  });
  const schema::Schema* compiled = nullptr;
  try {
    compiled = &compiler.compile(kUrl, read_schema(schema_text));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::too_large) throw;
    return error.message();
  }
  auto complaints = schema::validate(*compiled, values);
  if (complaints.empty()) return "";
  return schema::display("", complaints).substr(1) + "\n";
}

void validate(const Chart& chart, const Value& values, const Log& log,
              std::string& out) {
  if (chart.schema) {
    std::string found = complaints_about(*chart.schema, values, log);
    if (!found.empty()) out += chart.name() + ":\n" + found;
  }
  for (auto& sub : chart.dependencies) {
    const Value* table = values.find(sub->name());
    if (!table || table->is_nil()) continue;
    if (!table->is_map()) {
      out += fmt::format(
          "{}:\ninvalid type for values: expected object (map), got {}\n",
          sub->name(), type_name(*table));
      continue;
    }
    validate(*sub, *table, log, out);
  }
}

}  // namespace

void validate_schemas(const Chart& chart, const Value& values,
                      const Log& log) {
  std::string out;
  validate(chart, values, log, out);
  if (out.empty()) return;
  fail(ErrorCode::invalid,
       "values don't meet the specifications of the schema(s) in the following "
       "chart(s):\n{}",
       out);
}

}  // namespace skerry::chart
