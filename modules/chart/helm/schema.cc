#include "helm/schema.h"

#include <cmath>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "core/error.h"
#include "gotemplate/error.h"

namespace skerry::chart {

namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

// valijson keeps "<root>[a][b]" apart as path pieces.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string path;
  for (std::size_t i = 1; i < context.size(); ++i) {
    std::string piece = context[i];
    if (piece.size() >= 2 && piece.front() == '[' && piece.back() == ']') {
      piece = piece.substr(1, piece.size() - 2);
    }
    if (piece.size() >= 2 && piece.front() == '"' && piece.back() == '"') {
      piece = piece.substr(1, piece.size() - 2);
    }
    path += "/" + piece;
  }
  return path;
}

// Values are float64, but 5.0 is an integer to JSON Schema.
Json with_integers(Json values) {
  if (values.is_structured()) {
    for (auto& value : values) value = with_integers(std::move(value));
    return values;
  }
  if (!values.is_number_float()) return values;
  double number = values.get<double>();
  bool is_whole = std::trunc(number) == number && std::fabs(number) < 9.0e15;
  return is_whole ? Json(static_cast<std::int64_t>(number)) : values;
}

std::string complaints(const std::string& schema_text, const Json& values) {
  Json document = Json::parse(schema_text, nullptr, false);
  if (document.is_discarded()) return "invalid values.schema.json: not JSON\n";
  valijson::Schema schema;
  try {
    valijson::SchemaParser().populateSchema(Adapter(document), schema);
  } catch (const std::exception& error) {
    return std::string("unable to compile schema: ") + error.what() + "\n";
  }
  valijson::ValidationResults results;
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  if (validator.validate(schema, Adapter(values), &results)) return "";
  std::string out;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    out += "- at '" + pointer_of(error.context) + "': " + error.description +
           "\n";
  }
  return out;
}

void validate(const Chart& chart, const Value& values, std::string& out) {
  if (chart.schema) {
    std::string found = complaints(*chart.schema, with_integers(to_json(values)));
    if (!found.empty()) out += chart.name() + ":\n" + found;
  }
  for (auto& sub : chart.dependencies) {
    const Value* table = values.find(sub->name());
    if (!table) continue;
    if (!table->is_map()) {
      out += fmt::format("{}:\ninvalid type for values: expected object (map)\n",
                         sub->name());
      continue;
    }
    validate(*sub, *table, out);
  }
}

}  // namespace

void validate_schemas(const Chart& chart, const Value& values) {
  std::string out;
  validate(chart, values, out);
  if (out.empty()) return;
  fail(ErrorCode::invalid,
       "values don't meet the specifications of the schema(s) in the following "
       "chart(s):\n{}",
       out);
}

}  // namespace skerry::chart
