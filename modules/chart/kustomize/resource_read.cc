#include "kustomize/resource_read.h"

#include <deque>
#include <map>

#include "core/error.h"
#include "core/text/float_text.h"

namespace skerry::chart::kustomize {

namespace {

constexpr std::string_view kLocalConfig = "config.kubernetes.io/local-config";

const YamlNode* present(const YamlNode& node, std::string_view key) {
  const YamlNode* value = node.find(key);
  return value && !value->is_empty() ? value : nullptr;
}

std::string text_or_none(const YamlNode* node) {
  return node ? node->text : std::string();
}

std::string go_map(const YamlNode* node) {
  std::map<std::string, std::string> texts;
  if (node && node->is_mapping()) {
    for (std::size_t i = 0; i + 1 < node->children.size(); i += 2) {
      auto text = [](const YamlNode& one) {
        return one.is_null() ? std::string() : one.text;
      };
      texts[text(node->children[i])] = text(node->children[i + 1]);
    }
  }
  std::string out = "map[";
  for (auto& [key, value] : texts) {
    if (out.size() > 4) out += ' ';
    out += key + ":" + value;
  }
  return out + "]";
}

bool has_metadata(const YamlNode& node) {
  if (present(node, "apiVersion") || present(node, "kind")) return true;
  const YamlNode* metadata = present(node, "metadata");
  if (!metadata) return false;
  for (auto field : {"name", "namespace", "labels", "annotations"}) {
    if (present(*metadata, field)) return true;
  }
  return false;
}

void validate(const YamlNode& node) {
  if (!has_metadata(node)) {
    fail(ErrorCode::invalid, "missing Resource metadata");
  }
  std::string kind = text_or_none(present(node, "kind"));
  if (kind.empty()) {
    fail(ErrorCode::invalid, "missing kind in object {}",
         describe_metadata(node));
  }
  if (kind.ends_with("List")) return;
  const YamlNode* metadata = present(node, "metadata");
  const YamlNode* name = metadata ? present(*metadata, "name") : nullptr;
  if (text_or_none(name).empty()) {
    fail(ErrorCode::invalid, "missing metadata.name in object {}",
         describe_metadata(node));
  }
}

// As Kustomize reads an object back that went through encoding/json.
YamlNode node_from_json(const Json& value) {
  if (value.is_object()) {
    YamlNode node = make_yaml_mapping();
    for (auto it = value.begin(); it != value.end(); ++it) {
      node.children.push_back(make_yaml_text(it.key()));
      node.children.push_back(node_from_json(*it));
    }
    return node;
  }
  if (value.is_array()) {
    YamlNode node = make_yaml_sequence();
    for (auto& item : value) node.children.push_back(node_from_json(item));
    return node;
  }
  if (!value.is_number_float()) return yaml_node_of(value);
  YamlNode node = make_yaml_scalar(format_float_json(value.get<double>()));
  node.tag = resolve_yaml_tag(node.text);
  return node;
}

std::vector<YamlNode> parse(std::string_view text) {
  auto result = read_yaml_resources(text, kResourceLimits);
  if (auto* problem = std::get_if<YamlProblem>(&result)) {
    fail(problem->code, "{}", problem->go_text);
  }
  return std::get<std::vector<YamlNode>>(std::move(result));
}

// The items of a list that is a file's only document.
void unwrap_list(std::vector<YamlNode>& nodes) {
  if (nodes.size() != 1) return;
  const std::string& kind = nodes[0].text_of("kind");
  if (kind != "List" && kind != "ResourceList") return;
  YamlNode* items = nodes[0].find("items");
  if (!items && !nodes[0].find("functionConfig")) return;
  std::vector<YamlNode> inner;
  if (items && items->is_sequence()) inner = std::move(items->children);
  nodes = std::move(inner);
}

std::vector<YamlNode> drop_bad(std::vector<YamlNode> nodes) {
  std::vector<YamlNode> kept;
  kept.reserve(nodes.size());
  for (auto& node : nodes) {
    if (node.is_empty()) continue;
    validate(node);
    kept.push_back(std::move(node));
  }
  return kept;
}

const char* go_type(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_number_float()) return "float64";
  if (value.is_number()) return "int";
  return "map[string]interface {}";
}

// The items of a FooList; they come after everything else of the file.
std::vector<YamlNode> items_of(const YamlNode& node, const std::string& kind) {
  Json items = yaml_node_to_json(*node.find("items"));
  if (items.is_null()) return {};
  if (!items.is_array()) {
    fail(ErrorCode::invalid, "expected array in {}/items, but found {}", kind,
         go_type(items));
  }
  std::vector<YamlNode> nodes;
  for (auto& item : items) {
    if (!item.is_null()) nodes.push_back(node_from_json(item));
  }
  return drop_bad(std::move(nodes));
}

}  // namespace

std::string describe_metadata(const YamlNode& node) {
  const YamlNode* metadata = present(node, "metadata");
  auto of_metadata = [&](std::string_view field) {
    return metadata ? present(*metadata, field) : nullptr;
  };
  return fmt::format("{{{{{} {}}} {{{{{} {}}} {} {}}}}}",
                     text_or_none(present(node, "apiVersion")),
                     text_or_none(present(node, "kind")),
                     text_or_none(of_metadata("name")),
                     text_or_none(of_metadata("namespace")),
                     go_map(of_metadata("labels")),
                     go_map(of_metadata("annotations")));
}

std::vector<Resource> read_resources(std::string_view text) {
  std::vector<YamlNode> nodes = parse(text);
  unwrap_list(nodes);
  nodes = drop_bad(std::move(nodes));
  std::vector<Resource> resources;
  resources.reserve(nodes.size());
  std::deque<YamlNode> todo(std::make_move_iterator(nodes.begin()),
                            std::make_move_iterator(nodes.end()));
  while (!todo.empty()) {
    YamlNode node = std::move(todo.front());
    todo.pop_front();
    const std::string& kind = node.text_of("kind");
    if (kind.ends_with("List") && node.find("items")) {
      for (auto& item : items_of(node, kind)) todo.push_back(std::move(item));
      continue;
    }
    Resource resource;
    resource.node = std::move(node);
    resources.push_back(std::move(resource));
  }
  return resources;
}

bool is_malformed_yaml(const std::string& message) {
  return message.find("MalformedYAMLError") != message.npos;
}

std::string with_file_name(const std::string& message, std::string_view path) {
  bool is_syntax =
      message.find("error converting YAML to JSON") != message.npos ||
      message.find("error unmarshaling JSON") != message.npos;
  if (is_syntax) {
    return fmt::format("YAML file [{}] encounters a format error.\n{}\n", path,
                       message);
  }
  if (is_malformed_yaml(message)) {
    return fmt::format("{} in File: {}", message, path);
  }
  return message;
}

bool is_local_config(const Resource& resource) {
  auto value = resource.annotation(kLocalConfig);
  return value && *value != "false";
}

}  // namespace skerry::chart::kustomize
