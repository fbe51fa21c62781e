// What generators do once the data is there: hashes, and merging into what is
// already accumulated.
#include <algorithm>

#include "core/error.h"
#include "core/store/digest.h"
#include "gotemplate/go_json.h"
#include "kustomize/generator.h"

namespace skerry::chart::kustomize {

namespace {

// A field as the hash sees it: an object, or a scalar's text.
Json hashed(const YamlNode& node, std::string_view field) {
  const YamlNode* value = node.find(field);
  if (!value) return "";
  if (value->is_scalar()) return value->text;
  return yaml_node_to_json(*value);
}

StringMap read_map(const YamlNode& node, std::string_view field) {
  StringMap out;
  const YamlNode* map = node.find(field);
  if (!map || !map->is_mapping()) return out;
  for (std::size_t i = 0; i + 1 < map->children.size(); i += 2) {
    const YamlNode& value = map->children[i + 1];
    out.emplace(map->children[i].text, value.is_null() ? "" : value.text);
  }
  return out;
}

void merge_field(YamlNode& fresh, const YamlNode& old,
                 std::string_view field) {
  StringMap merged = read_map(fresh, field);
  StringMap before = read_map(old, field);
  merged.insert(before.begin(), before.end());
  fresh.erase(field);
  if (merged.empty()) return;
  YamlNode map = make_yaml_mapping();
  for (auto& [key, value] : merged) {
    map.children.push_back(make_yaml_scalar(key));
    map.children.push_back(make_yaml_text(value));
  }
  fresh.set(field, std::move(map));
}

Resource::Texts merged_texts(Resource::Texts first,
                             const Resource::Texts& over) {
  for (auto& wanted : over) {
    auto same = std::find_if(first.begin(), first.end(), [&](auto& one) {
      return one.first == wanted.first;
    });
    if (same == first.end()) {
      first.push_back(wanted);
    } else {
      same->second = wanted.second;
    }
  }
  return first;
}

}  // namespace

std::string content_hash(const YamlNode& node) {
  const std::string& kind = node.text_of("kind");
  Json content = {{"kind", kind}, {"name", ""}};
  content["data"] = hashed(node, "data");
  if (kind == "ConfigMap") {
    Json binary = hashed(node, "binaryData");
    if (binary.is_object()) content["binaryData"] = std::move(binary);
  } else if (kind == "Secret") {
    content["type"] = hashed(node, "type");
    Json texts = hashed(node, "stringData");
    if (texts.is_object()) content["stringData"] = std::move(texts);
  } else {
    fail(ErrorCode::invalid,
         "a name with a hash of its content is not supported for kind {}",
         kind);
  }
  std::string hex = digest_of(write_json(from_json(content))).hex.substr(0, 10);
  for (char& c : hex) {
    switch (c) {
      case '0': c = 'g'; break;
      case '1': c = 'h'; break;
      case '3': c = 'k'; break;
      case 'a': c = 'm'; break;
      case 'e': c = 't'; break;
      default: break;
    }
  }
  return hex;
}

void take_over(Resource& fresh, const Resource& old, bool merges_data) {
  fresh.set_labels(merged_texts(old.labels(), fresh.labels()));
  fresh.set_annotations(merged_texts(old.annotations(), fresh.annotations()));
  fresh.set_name(old.name());
  fresh.set_name_space(old.name_space());
  fresh.previous = old.previous;
  fresh.prefixes = old.prefixes;
  fresh.suffixes = old.suffixes;
  fresh.referred_by = old.referred_by;
  fresh.variables = old.variables;
  fresh.behavior = old.behavior;
  fresh.needs_hash = fresh.needs_hash && old.needs_hash;
  if (!merges_data) return;
  merge_field(fresh.node, old.node, "data");
  merge_field(fresh.node, old.node, "binaryData");
}

}  // namespace skerry::chart::kustomize
