#include "kustomize/output.h"

#include <algorithm>

#include "core/error.h"
#include "core/text/yaml_emitter.h"
#include "gotemplate/print.h"

namespace skerry::chart::kustomize {

namespace {

bool is_text(const YamlNode& node) {
  if (!node.is_scalar()) return false;
  if (node.tag == YamlTag::text) return true;
  if (node.tag != YamlTag::none) return false;
  return node.style != YamlStyle::plain ||
         resolve_yaml_tag(node.text) == YamlTag::text;
}

std::string scalar_syntax(const YamlNode& node) {
  if (is_text(node)) return quote(node.text);
  Json value = yaml_node_to_json(node);
  if (value.is_null()) return "interface {}(nil)";
  if (value.is_string()) return quote(value.get<std::string>());
  return value.dump();
}

std::string mapping_syntax(const YamlNode& node, bool is_top) {
  struct Pair {
    bool is_text;
    std::string key;
    const YamlNode* value;
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const YamlNode& key = node.children[i];
    pairs.push_back({is_text(key), go_syntax(key), &node.children[i + 1]});
  }
  bool all_text = std::all_of(pairs.begin(), pairs.end(),
                              [](auto& pair) { return pair.is_text; });
  std::stable_sort(pairs.begin(), pairs.end(), [](auto& a, auto& b) {
    return a.is_text != b.is_text ? a.is_text : a.key < b.key;
  });
  std::string out = all_text || is_top ? "map[string]interface {}{"
                                       : "map[interface {}]interface {}{";
  bool first = true;
  for (auto& pair : pairs) {
    if (!first) out += ", ";
    first = false;
    out += pair.key + ":" + go_syntax(*pair.value);
  }
  return out + "}";
}

std::string syntax(const YamlNode& node, bool is_top) {
  if (node.is_scalar()) return scalar_syntax(node);
  if (node.is_mapping()) return mapping_syntax(node, is_top);
  std::string out = "[]interface {}{";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += ", ";
    out += syntax(node.children[i], false);
  }
  return out + "}";
}

}  // namespace

std::string go_syntax(const YamlNode& node) { return syntax(node, false); }

std::string print_resources(const ResourceMap& resources) {
  std::string out;
  bool first = true;
  for (auto& one : resources.resources()) {
    if (!first) out += "---\n";
    first = false;
    try {
      YamlEmitter emitter(out);
      write_yaml_node(emitter, one->node);
      emitter.finish();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid) throw;
      fail(ErrorCode::invalid, "{}: {}", syntax(one->node, true),
           error.message());
    }
  }
  return out;
}

}  // namespace skerry::chart::kustomize
