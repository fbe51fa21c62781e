#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include "core/text/encoding.h"
#include "core/text/float_text.h"
#include "core/text/libyaml.h"
#include "core/text/unicode.h"
#include "core/text/yaml.h"
#include "core/text/yaml_scalar.h"

namespace skerry {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

// Carries a problem up to read_yaml().
struct Stop {
  YamlProblem problem;
};

// A value and what go-yaml still knows of it.
struct Node {
  Json value;
  std::size_t nodes = 1;  // after alias expansion
  bool is_alias = false;
  bool is_complete = true;
  YamlScalar scalar;  // of a mapping key
};

std::string go_syntax(const Json& value);

std::string go_quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string go_syntax_of_object(const Json& value) {
  std::string out = "map[interface {}]interface {}{";
  bool first = true;
  for (auto& [key, member] : value.items()) {
    if (!first) out += ", ";
    first = false;
    out += go_quoted(key) + ":" + go_syntax(member);
  }
  return out + "}";
}

// fmt's %#v of what go-yaml makes of the text.
std::string go_syntax(const Json& value) {
  if (value.is_object()) return go_syntax_of_object(value);
  if (value.is_null()) return "interface {}(nil)";
  if (!value.is_array()) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::string out = "[]interface {}{";
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out += ", ";
    out += go_syntax(value[i]);
  }
  return out + "}";
}

class Reader {
 public:
  Reader(std::string_view text, const YamlLimits& limits)
      : parser_(text), limits_(limits) {}

  std::vector<Json> read(YamlRead what) {
    std::vector<Json> documents;
    next();  // stream start
    next();
    while (event_->type != YAML_STREAM_END_EVENT) {
      anchors_.clear();
      next();  // document start
      documents.push_back(read_node(0).value);
      if (what == YamlRead::first_document) return documents;
      next();  // document end
      next();
    }
    return documents;
  }

 private:
  void next();
  [[noreturn]] void stop_at_parser_error();
  [[noreturn]] void stop(ErrorCode code, std::string text, bool from_yaml);
  void count(std::size_t nodes);
  Node read_node(std::size_t depth);
  Node read_alias();
  Node read_scalar();
  Node read_sequence(std::size_t depth);
  Node read_mapping(std::size_t depth);
  std::string read_key(std::size_t depth, bool& is_merge);
  std::string key_text(const Node& key);
  void merge(Json& into, const Node& from, bool from_sequence);

  LibyamlParser parser_;
  const YamlLimits& limits_;
  LibyamlEvent event_;
  std::map<std::string, Node> anchors_;
  std::size_t nodes_ = 0;
};

void Reader::next() {
  event_.reset();
  if (!yaml_parser_parse(parser_.get(), event_.get())) {
    stop_at_parser_error();
  }
}

void Reader::stop_at_parser_error() {
  const yaml_parser_t& p = *parser_.get();
  YamlProblem problem;
  problem.text = p.problem ? p.problem : "unknown problem parsing YAML content";
  if (p.error == YAML_MEMORY_ERROR) {
    throw Stop{{ErrorCode::too_large, 0, 0, "out of memory", "yaml: memory"}};
  }
  std::size_t go_line = 0;
  if (p.error == YAML_SCANNER_ERROR || p.error == YAML_PARSER_ERROR) {
    problem.line = p.problem_mark.line + 1;
    problem.column = p.problem_mark.column + 1;
    // go-yaml counts from 0 in parser errors and leaves line 0 out.
    if (p.problem_mark.line != 0) {
      go_line = p.problem_mark.line + (p.error == YAML_SCANNER_ERROR ? 1 : 0);
    } else if (p.context) {
      go_line = p.context_mark.line;
    }
  }
  problem.go_text =
      go_line == 0
          ? fmt::format("yaml: {}", problem.text)
          : fmt::format("yaml: line {}: {}", go_line, problem.text);
  throw Stop{std::move(problem)};
}

// Stops at the current event. `from_yaml`: go-yaml itself complains, not the
// conversion to JSON.
void Reader::stop(ErrorCode code, std::string text, bool from_yaml) {
  YamlProblem problem;
  problem.code = code;
  problem.line = event_->start_mark.line + 1;
  problem.column = event_->start_mark.column + 1;
  problem.go_text = from_yaml ? "yaml: " + text : text;
  if (code == ErrorCode::too_large) {  // go-yaml has other bounds: say where
    problem.go_text = fmt::format("yaml: line {}: {}", problem.line, text);
  }
  problem.text = std::move(text);
  throw Stop{std::move(problem)};
}

void Reader::count(std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ > limits_.max_nodes) {
    stop(ErrorCode::too_large,
         fmt::format("more than {} values", limits_.max_nodes), true);
  }
}

Node Reader::read_node(std::size_t depth) {
  if (depth > limits_.max_depth) {
    stop(ErrorCode::too_large,
         fmt::format("nested deeper than {} levels", limits_.max_depth), true);
  }
  count(1);
  const unsigned char* anchor = nullptr;
  switch (event_->type) {
    case YAML_ALIAS_EVENT:
      return read_alias();
    case YAML_SCALAR_EVENT:
      anchor = event_->data.scalar.anchor;
      break;
    case YAML_SEQUENCE_START_EVENT:
      anchor = event_->data.sequence_start.anchor;
      break;
    case YAML_MAPPING_START_EVENT:
      anchor = event_->data.mapping_start.anchor;
      break;
    default:
      stop(ErrorCode::internal, "unexpected event", true);
  }
  std::string name = LibyamlEvent::text(anchor);
  bool has_anchor = anchor != nullptr;
  if (has_anchor) anchors_[name].is_complete = false;
  Node node = event_->type == YAML_SCALAR_EVENT ? read_scalar()
              : event_->type == YAML_SEQUENCE_START_EVENT
                  ? read_sequence(depth)
                  : read_mapping(depth);
  if (has_anchor) anchors_[name] = node;
  return node;
}

Node Reader::read_alias() {
  std::string name = LibyamlEvent::text(event_->data.alias.anchor);
  auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    stop(ErrorCode::invalid,
         fmt::format("unknown anchor '{}' referenced", name), true);
  }
  if (!found->second.is_complete) {
    stop(ErrorCode::invalid,
         fmt::format("anchor '{}' value contains itself", name), true);
  }
  count(found->second.nodes);
  Node node = found->second;
  node.is_alias = true;
  return node;
}

Json to_json(const YamlScalar& scalar, std::string text) {
  switch (scalar.kind) {
    case YamlKind::null:
      return nullptr;
    case YamlKind::boolean:
      return scalar.boolean;
    case YamlKind::integer:
      return scalar.integer;
    case YamlKind::unsigned_integer:
      return scalar.unsigned_integer;
    case YamlKind::number:
      return scalar.number;
    default:
      return unicode::repaired(text);
  }
}

std::string_view short_name(YamlKind kind) {
  switch (kind) {
    case YamlKind::null: return "!!null";
    case YamlKind::boolean: return "!!bool";
    case YamlKind::integer:
    case YamlKind::unsigned_integer: return "!!int";
    case YamlKind::number: return "!!float";
    case YamlKind::timestamp: return "!!timestamp";
    case YamlKind::merge: return "!!merge";
    case YamlKind::text: break;
  }
  return "!!str";
}

// The meaning under an explicit tag; nothing when the two do not fit.
std::optional<YamlScalar> apply_tag(std::string_view tag, YamlScalar scalar) {
  std::string_view wanted = tag.substr(kTagPrefix.size());
  if (wanted == "str") return YamlScalar{};
  if (short_name(scalar.kind).substr(2) == wanted) return scalar;
  if (wanted == "float" && scalar.kind == YamlKind::integer) {
    scalar.kind = YamlKind::number;
    scalar.number = static_cast<double>(scalar.integer);
    return scalar;
  }
  return {};
}

Node Reader::read_scalar() {
  const auto& data = event_->data.scalar;
  std::string text(reinterpret_cast<const char*>(data.value), data.length);
  std::string tag = LibyamlEvent::text(data.tag);
  Node node;
  std::string_view name = tag;
  bool is_standard = name.substr(0, kTagPrefix.size()) == kTagPrefix;
  if (is_standard) name.remove_prefix(kTagPrefix.size());
  if (tag.empty()) {
    if (data.plain_implicit) node.scalar = resolve_yaml_scalar(text);
  } else if (is_standard && name == "binary") {
    std::string compact;
    for (char c : text) {
      if (c != '\n' && c != '\r') compact += c;
    }
    auto bytes = from_base64(compact);
    if (!bytes) {
      stop(ErrorCode::invalid, "!!binary value contains invalid base64 data",
           true);
    }
    text = std::move(*bytes);
  } else if (is_standard && (name == "str" || name == "bool" || name == "int" ||
                             name == "float" || name == "null" ||
                             name == "timestamp")) {
    YamlScalar scalar = resolve_yaml_scalar(text);
    auto tagged = apply_tag(tag, scalar);
    if (!tagged) {
      stop(ErrorCode::invalid,
           fmt::format("cannot decode {} `{}` as a !!{}",
                       short_name(scalar.kind), text, name),
           true);
    }
    node.scalar = *tagged;
  }
  if (node.scalar.kind == YamlKind::number &&
      !std::isfinite(node.scalar.number)) {
    stop(ErrorCode::invalid,
         "json: unsupported value: " + format_float_g(node.scalar.number),
         false);
  }
  bool may_merge = data.plain_implicit || name == "merge";
  if (text == "<<" && may_merge) node.scalar.kind = YamlKind::merge;
  node.value = to_json(node.scalar, std::move(text));
  return node;
}

Node Reader::read_sequence(std::size_t depth) {
  Node node;
  node.value = Json::array();
  for (next(); event_->type != YAML_SEQUENCE_END_EVENT; next()) {
    Node item = read_node(depth + 1);
    node.nodes += item.nodes;
    node.value.push_back(std::move(item.value));
  }
  return node;
}

std::string Reader::key_text(const Node& key) {
  if (key.value.is_structured()) {
    stop(ErrorCode::invalid, "invalid map key: " + go_syntax(key.value), true);
  }
  switch (key.scalar.kind) {
    case YamlKind::boolean:
      return key.scalar.boolean ? "true" : "false";
    case YamlKind::integer:
      return fmt::to_string(key.scalar.integer);
    case YamlKind::number:
      return format_float32_g(key.scalar.number);
    case YamlKind::null:
    case YamlKind::unsigned_integer:
      return {};
    default:
      return key.value.get<std::string>();
  }
}

// The next key, whose event is current; afterwards its value's event is.
std::string Reader::read_key(std::size_t depth, bool& is_merge) {
  Node key = read_node(depth + 1);
  is_merge = key.scalar.kind == YamlKind::merge && !key.is_alias;
  if (is_merge) return {};
  std::string text = key_text(key);
  bool is_null = key.scalar.kind == YamlKind::null && key.value.is_null();
  if (is_null || key.scalar.kind == YamlKind::unsigned_integer) {
    next();
    Node value = read_node(depth + 1);
    std::string type = is_null ? "%!s(<nil>)" : "uint64";
    std::string shown = is_null ? "<nil>" : fmt::format("0x{:x}",
        key.scalar.unsigned_integer);
    stop(ErrorCode::invalid,
         fmt::format("unsupported map key of type: {}, key: {}, value: {}",
                     type, shown,
                     value.value.is_null() ? "<nil>" : go_syntax(value.value)),
         false);
  }
  return text;
}

// As go-yaml 2: a merged member overwrites those written before it.
void Reader::merge(Json& into, const Node& from, bool from_sequence) {
  if (from.value.is_object()) {
    for (auto& [key, value] : from.value.items()) into[key] = value;
    return;
  }
  if (!from.value.is_array() || from_sequence || from.is_alias) {
    stop(ErrorCode::invalid,
         "map merge requires map or sequence of maps as the value", true);
  }
  for (auto item = from.value.rbegin(); item != from.value.rend(); ++item) {
    Node node;
    node.value = *item;
    merge(into, node, true);
  }
}

Node Reader::read_mapping(std::size_t depth) {
  Node node;
  node.value = Json::object();
  for (next(); event_->type != YAML_MAPPING_END_EVENT; next()) {
    bool is_merge = false;
    std::string key = read_key(depth, is_merge);
    next();
    Node value = read_node(depth + 1);
    node.nodes += value.nodes + 1;
    if (is_merge) {
      merge(node.value, value, false);
    } else {
      node.value[key] = std::move(value.value);
    }
  }
  return node;
}

[[noreturn]] void fail_with(const YamlProblem& problem, std::string_view name) {
  if (problem.line == 0) fail(problem.code, "{}: {}", name, problem.text);
  fail(problem.code, "{}:{}:{}: {}", name, problem.line, problem.column,
       problem.text);
}

}  // namespace

std::variant<std::vector<Json>, YamlProblem> read_yaml(
    std::string_view text, YamlRead what, const YamlLimits& limits) {
  try {
    return Reader(text, limits).read(what);
  } catch (Stop& stop) {
    return std::move(stop.problem);
  }
}

std::vector<Json> parse_yaml_documents(std::string_view text,
                                       std::string_view name,
                                       const YamlLimits& limits) {
  auto result = read_yaml(text, YamlRead::all_documents, limits);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail_with(*problem, name);
  }
  return std::get<std::vector<Json>>(std::move(result));
}

Json parse_yaml(std::string_view text, std::string_view name,
                const YamlLimits& limits) {
  auto documents = parse_yaml_documents(text, name, limits);
  if (documents.empty()) return nullptr;
  if (documents.size() > 1) {
    fail(ErrorCode::invalid,
         "{}: holds {} YAML documents where one is expected", name,
         documents.size());
  }
  return std::move(documents[0]);
}

}  // namespace skerry
