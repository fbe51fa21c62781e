#include "gotemplate/go_yaml.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/float_text.h"
#include "core/text/yaml.h"
#include "core/text/yaml_emitter.h"
#include "core/text/yaml_node.h"
#include "gotemplate/error.h"
#include "gotemplate/go_json.h"

namespace skerry::chart {

namespace {

void emit(YamlEmitter& emitter, const Value& value, int depth);

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x7F;
  });
}

void emit_map(YamlEmitter& emitter, const Value& value, int depth) {
  auto& entries = value.entries();
  emitter.begin_mapping(entries.empty());
  std::vector<const Map::Entries::value_type*> members;
  members.reserve(entries.size());
  for (auto& member : entries) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](auto* a, auto* b) {
    return yaml_key_less(a->first, b->first);
  });
  for (auto* member : members) {
    emitter.key(is_plain_ascii(member->first) ? member->first
                                              : yaml_text_through_json(member->first));
    emit(emitter, member->second, depth + 1);
  }
  emitter.end_mapping();
}

void emit_number(YamlEmitter& emitter, double value) {
  if (!std::isfinite(value)) {
    fail(ErrorCode::invalid, "error marshaling into JSON: json: unsupported "
         "value: {}", format_float_g(value));
  }
  emitter.number(value);
}

void emit(YamlEmitter& emitter, const Value& value, int depth) {
  if (depth > kMaxValueDepth) {
    fail(ErrorCode::invalid,
         "error marshaling into JSON: json: unsupported value: encountered a "
         "cycle via map[string]interface {{}}");
  }
  check_value_text(emitter.size());
  switch (value.kind()) {
    case Kind::nil: return emitter.null();
    case Kind::boolean: return emitter.boolean(value.boolean());
    case Kind::integer:
    case Kind::int64: return emitter.integer(value.integer());
    case Kind::uint64:
      return emitter.unsigned_integer(value.unsigned_integer());
    case Kind::number: return emit_number(emitter, value.number());
    case Kind::string:
      if (is_plain_ascii(value.string())) {
        return emitter.string(value.string());
      }
      return emitter.string(yaml_text_through_json(value.string()));
    case Kind::bytes: return emitter.string(to_base64(value.string()));
    case Kind::list:
      emitter.begin_sequence(value.items().empty());
      for (auto& item : value.items()) emit(emitter, item, depth + 1);
      return emitter.end_sequence();
    case Kind::map:
      if (value.is_nil_map()) return emit(emitter, Value(), depth);
      return emit_map(emitter, value, depth);
    case Kind::object:
      return emit(emitter, value.object().to_plain(), depth + 1);
  }
}

}  // namespace

std::string write_yaml(const Value& value) {
  std::string out;
  YamlEmitter emitter(out);
  emit(emitter, value, 0);
  emitter.finish();
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

Value read_go_yaml(std::string_view text) {
  auto result = read_yaml(text, YamlRead::first_document);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    if (problem->code == ErrorCode::too_large) {
      fail(problem->code, "{}", problem->go_text);
    }
    fail_call("error converting YAML to JSON: {}", problem->go_text);
  }
  auto& documents = std::get<std::vector<Json>>(result);
  return documents.empty() ? Value() : from_json(documents[0]);
}

Value read_yaml_map(std::string_view text) {
  Value value = read_go_yaml(text);
  if (value.is_nil() || value.is_map()) return value;
  fail_call(
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} "
      "into Go value of type map[string]interface {{}}",
      json_type_name(value));
}

}  // namespace skerry::chart
