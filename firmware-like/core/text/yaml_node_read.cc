// Reading text into YamlNode.
#include <algorithm>
#include <map>
#include <optional>

#include "core/text/libyaml.h"
#include "core/text/unicode.h"
#include "core/text/yaml_node.h"

namespace skerry {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

struct Stop {
  YamlProblem problem;
};

struct Anchor {
  YamlNode node;
  std::size_t nodes = 1;  // after alias expansion
  bool is_complete = false;
};

class NodeReader {
 public:
  NodeReader(std::string_view text, const YamlLimits& limits)
      : parser_(text), limits_(limits) {}

  // Nothing for an empty stream.
  std::optional<YamlNode> read() {
    next();  // stream start
    next();
    if (event_->type == YAML_STREAM_END_EVENT) return {};
    next();  // document start
    YamlNode node = read_node(0);
    next();  // document end
    return node;
  }

 private:
  void next();
  [[noreturn]] void stop_at_parser_error();
  [[noreturn]] void stop(ErrorCode code, std::string text);
  void count(std::size_t nodes);
  YamlNode read_node(std::size_t depth);
  YamlNode read_alias();
  YamlNode read_scalar();
  YamlNode read_sequence(std::size_t depth);
  YamlNode read_mapping(std::size_t depth);
  void merge(YamlNode& mapping, YamlNode from);
  void add_merge_values(std::vector<YamlNode>& values, YamlNode from,
                        bool in_sequence);
  void apply_tag(YamlNode& node, std::string_view tag);
  void place(YamlNode& node) const {
    node.line = static_cast<std::uint32_t>(event_->start_mark.line + 1);
    node.column = static_cast<std::uint32_t>(event_->start_mark.column + 1);
  }

  LibyamlParser parser_;
  const YamlLimits& limits_;
  LibyamlEvent event_;
  std::map<std::string, Anchor> anchors_;
  std::size_t nodes_ = 0;
};

void NodeReader::next() {
  event_.reset();
  if (!yaml_parser_parse(parser_.get(), event_.get())) stop_at_parser_error();
}

void NodeReader::stop_at_parser_error() {
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
    // go-yaml 3 prefers where the construct began, and counts from 0 in parser
    // errors; it leaves line 0 out.
    std::size_t extra = p.error == YAML_SCANNER_ERROR ? 1 : 0;
    if (p.context && p.context_mark.line != 0) {
      go_line = p.context_mark.line + extra;
    } else if (p.problem_mark.line != 0) {
      go_line = p.problem_mark.line + extra;
    }
  }
  problem.go_text = go_line == 0 ? fmt::format("yaml: {}", problem.text)
                                 : fmt::format("yaml: line {}: {}", go_line,
                                               problem.text);
  throw Stop{std::move(problem)};
}

void NodeReader::stop(ErrorCode code, std::string text) {
  YamlProblem problem;
  problem.code = code;
  problem.line = event_->start_mark.line + 1;
  problem.column = event_->start_mark.column + 1;
  problem.go_text = "yaml: " + text;
  if (code == ErrorCode::too_large) {  // go-yaml has other bounds: say where
    problem.go_text = fmt::format("yaml: line {}: {}", problem.line, text);
  }
  problem.text = std::move(text);
  throw Stop{std::move(problem)};
}

void NodeReader::count(std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ > limits_.max_nodes) {
    stop(ErrorCode::too_large,
         fmt::format("more than {} values", limits_.max_nodes));
  }
}

YamlNode NodeReader::read_node(std::size_t depth) {
  if (depth > limits_.max_depth) {
    stop(ErrorCode::too_large,
         fmt::format("nested deeper than {} levels", limits_.max_depth));
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
      stop(ErrorCode::internal, "unexpected event");
  }
  std::string name = LibyamlEvent::text(anchor);
  bool has_anchor = anchor != nullptr;
  std::size_t before = nodes_;
  if (has_anchor) anchors_[name].is_complete = false;
  YamlNode node = event_->type == YAML_SCALAR_EVENT ? read_scalar()
                  : event_->type == YAML_SEQUENCE_START_EVENT
                      ? read_sequence(depth)
                      : read_mapping(depth);
  if (has_anchor) anchors_[name] = {node, nodes_ - before + 1, true};
  return node;
}

YamlNode NodeReader::read_alias() {
  std::string name = LibyamlEvent::text(event_->data.alias.anchor);
  auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    stop(ErrorCode::invalid,
         fmt::format("unknown anchor '{}' referenced", name));
  }
  if (!found->second.is_complete) {
    stop(ErrorCode::invalid,
         fmt::format("anchor '{}' value contains itself", name));
  }
  count(found->second.nodes);
  return found->second.node;
}

YamlStyle style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return YamlStyle::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return YamlStyle::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE: return YamlStyle::literal;
    case YAML_FOLDED_SCALAR_STYLE: return YamlStyle::folded;
    default: return YamlStyle::plain;
  }
}

void NodeReader::apply_tag(YamlNode& node, std::string_view tag) {
  std::string_view name = tag;
  if (name.starts_with(kTagPrefix)) {
    name.remove_prefix(kTagPrefix.size());
    std::string wanted = "!!" + std::string(name);
    for (int i = 1; i <= static_cast<int>(YamlTag::merge); ++i) {
      if (yaml_tag_name(static_cast<YamlTag>(i)) != wanted) continue;
      node.tag = static_cast<YamlTag>(i);
      node.has_explicit_tag = true;
      return;
    }
  }
  stop(ErrorCode::invalid, fmt::format("the tag {} is not supported", tag));
}

YamlNode NodeReader::read_scalar() {
  const auto& data = event_->data.scalar;
  YamlNode node;
  place(node);
  node.style = style_of(data.style);
  node.text.assign(reinterpret_cast<const char*>(data.value), data.length);
  std::string tag = LibyamlEvent::text(data.tag);
  if (!tag.empty() && tag != "!") {
    apply_tag(node, tag);
  } else if (node.style == YamlStyle::plain) {
    node.tag = resolve_yaml_tag(node.text);
  } else {
    node.tag = YamlTag::text;
  }
  return node;
}

YamlNode NodeReader::read_sequence(std::size_t depth) {
  YamlNode node = make_yaml_sequence();
  place(node);
  if (event_->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE) {
    node.style = YamlStyle::flow;
  }
  for (next(); event_->type != YAML_SEQUENCE_END_EVENT; next()) {
    node.children.push_back(read_node(depth + 1));
  }
  return node;
}

// Later values overwrite earlier ones.
void NodeReader::add_merge_values(std::vector<YamlNode>& values, YamlNode from,
                                  bool in_sequence) {
  if (from.is_mapping()) {
    values.push_back(std::move(from));
    return;
  }
  if (from.is_sequence() && in_sequence) {
    stop(ErrorCode::invalid, "invalid map merge: received a nested sequence");
  }
  if (!from.is_sequence()) {
    stop(ErrorCode::invalid,
         "map merge requires map or sequence of maps as the value");
  }
  for (auto item = from.children.rbegin(); item != from.children.rend();
       ++item) {
    add_merge_values(values, std::move(*item), true);
  }
}

// The mapping's own pairs keep their place and win; the merged ones follow.
void NodeReader::merge(YamlNode& mapping, YamlNode from) {
  std::vector<YamlNode> sources;
  add_merge_values(sources, std::move(from), false);
  std::size_t own = mapping.children.size();
  std::map<std::string, std::size_t> places;  // of values
  for (std::size_t i = 0; i < own; i += 2) {
    places.emplace(mapping.children[i].text, i + 1);
  }
  for (auto& source : sources) {
    for (std::size_t i = 0; i + 1 < source.children.size(); i += 2) {
      YamlNode& key = source.children[i];
      auto [place, is_new] =
          places.emplace(key.text, mapping.children.size() + 1);
      if (is_new) {
        mapping.children.push_back(std::move(key));
        mapping.children.push_back(std::move(source.children[i + 1]));
      } else if (place->second >= own) {
        mapping.children[place->second] = std::move(source.children[i + 1]);
      }
    }
  }
}

YamlNode NodeReader::read_mapping(std::size_t depth) {
  YamlNode node = make_yaml_mapping();
  place(node);
  if (event_->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE) {
    node.style = YamlStyle::flow;
  }
  std::optional<YamlNode> merged;
  for (next(); event_->type != YAML_MAPPING_END_EVENT; next()) {
    YamlNode key = read_node(depth + 1);
    next();
    YamlNode value = read_node(depth + 1);
    if (key.is_scalar() && key.tag == YamlTag::merge) {
      if (merged) stop(ErrorCode::invalid, "duplicate merge key");
      merged = std::move(value);
      continue;
    }
    node.children.push_back(std::move(key));
    node.children.push_back(std::move(value));
  }
  if (merged) merge(node, std::move(*merged));
  return node;
}

// The documents of `text` by Kustomize's own reckoning: what follows "---" on
// its line may only be a comment.
std::vector<std::string_view> split_documents(std::string_view text) {
  std::vector<std::string_view> documents;
  if (text.empty()) return documents;
  std::size_t start = 0, from = 0;
  for (;;) {
    std::size_t mark = text.find("\n---", from);
    if (mark == text.npos) break;
    std::size_t end = text.find('\n', mark + 4);
    if (end == text.npos) break;
    std::string_view rest = text.substr(mark + 4, end - mark - 4);
    std::size_t first = rest.find_first_not_of(" \t\r\v\f");
    if (first != rest.npos && rest[first] != '#') {
      std::string_view line = text.substr(mark + 1, end - mark - 1);
      while (!line.empty() && (line.back() == ' ' || line.back() == '\t' ||
                               line.back() == '\r')) {
        line.remove_suffix(1);
      }
      YamlProblem problem;
      problem.text = fmt::format("invalid document separator: {}", line);
      problem.go_text = problem.text;
      throw Stop{std::move(problem)};
    }
    documents.push_back(text.substr(start, mark + 1 - start));
    start = from = end + 1;
  }
  documents.push_back(text.substr(start));
  return documents;
}

std::string without_carriage_returns(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    out += text[i];
  }
  return out;
}

}  // namespace

std::variant<YamlNode, YamlProblem> read_yaml_node(std::string_view text,
                                                   const YamlLimits& limits) {
  try {
    auto node = NodeReader(text, limits).read();
    return node ? std::move(*node) : make_yaml_null();
  } catch (Stop& stop) {
    return std::move(stop.problem);
  }
}

std::variant<std::vector<YamlNode>, YamlProblem> read_yaml_resources(
    std::string_view text, const YamlLimits& limits) {
  std::vector<YamlNode> nodes;
  std::string unified;
  if (text.find("\r\n") != text.npos) {
    unified = without_carriage_returns(text);
    text = unified;
  }
  try {
    for (auto document : split_documents(text)) {
      auto result = read_yaml_node(document, limits);
      if (auto* problem = std::get_if<YamlProblem>(&result)) {
        problem->go_text = "MalformedYAMLError: " + problem->go_text;
        return std::move(*problem);
      }
      auto& node = std::get<YamlNode>(result);
      if (!node.is_null()) nodes.push_back(std::move(node));
    }
  } catch (Stop& stop) {
    return std::move(stop.problem);
  }
  return nodes;
}

}  // namespace skerry
