#include "kustomize/merge_graph.h"

#include "kustomize/node_fields.h"

namespace skerry::chart::kustomize {
namespace {

void quote_if_typed(YamlNode& node) {
  if (node.is_string() && node.style == YamlStyle::plain &&
      is_yaml_1_1_typed(node.text)) {
    node.style = YamlStyle::double_quoted;
  }
}

// Whether an item has the values; `values` may be shorter than `keys`, whose
// rest then counts as found when the last one was.
bool has_values(const MergeNode& item, const std::vector<std::string>& keys,
                const std::vector<std::string>& values) {
  const MergeNode* found = nullptr;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i < values.size()) {
      if (keys[i].empty()) {
        expect_kind(item, YamlNode::Kind::scalar);
        found = item.own.text == values[i] ? &item : nullptr;
      } else {
        expect_kind(item, YamlNode::Kind::mapping);
        found = item.find(keys[i]);
        if (found && !values[i].empty() && found->own.text != values[i]) {
          found = nullptr;
        }
      }
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace

MergeNode* MergeNode::find(std::string_view key) const {
  if (!is_mapping()) return nullptr;
  for (std::size_t i = 0; i + 1 < content.size(); i += 2) {
    if (content[i]->own.text == key) return content[i + 1];
  }
  return nullptr;
}

const MergeNode* MergeNode::find_key(std::string_view key) const {
  if (!is_mapping()) return nullptr;
  for (std::size_t i = 0; i + 1 < content.size(); i += 2) {
    if (content[i]->own.text == key) return content[i];
  }
  return nullptr;
}

void MergeNode::erase(std::string_view key) {
  for (std::size_t i = 0; i + 1 < content.size(); i += 2) {
    if (content[i]->own.text != key) continue;
    content.erase(content.begin() + static_cast<std::ptrdiff_t>(i),
                  content.begin() + static_cast<std::ptrdiff_t>(i + 2));
    return;
  }
}

void MergeNode::become(const MergeNode& other) {
  if (this == &other) return;
  const std::uint32_t twin = own.twin;
  own = other.own;
  own.twin = twin;
  content = other.content;
}

MergeNode* MergeGraph::make(YamlNode own) {
  MergeNode& node = nodes_.emplace_back();
  node.own = std::move(own);
  return &node;
}

MergeNode* MergeGraph::add(const YamlNode& node) {
  if (node.twin != 0) {
    if (const auto found = twins_.find(node.twin); found != twins_.end()) {
      return found->second;
    }
  }
  YamlNode own;
  own.kind = node.kind;
  own.tag = node.tag;
  own.style = node.style;
  own.has_explicit_tag = node.has_explicit_tag;
  own.line = node.line;
  own.column = node.column;
  own.twin = node.twin;
  own.text = node.text;
  MergeNode* made = make(std::move(own));
  if (node.twin != 0) twins_[node.twin] = made;
  made->content.reserve(node.children.size());
  for (const YamlNode& child : node.children) {
    made->content.push_back(add(child));
  }
  return made;
}

YamlNode MergeGraph::give(const MergeNode& node) {
  YamlNode given = node.own;
  given.children.reserve(node.content.size());
  for (const MergeNode* child : node.content) {
    given.children.push_back(give(*child));
  }
  return given;
}

void MergeGraph::set_field(MergeNode& mapping, const std::string& key,
                           MergeNode* value, YamlStyle key_style) {
  if (value) quote_if_typed(value->own);
  if (key.empty()) {
    expect_kind(mapping, YamlNode::Kind::scalar);
    if (is_missing(value)) return;
    value->own.style = mapping.own.style;
    mapping.become(*value);
    return;
  }
  if (!value || (value->is_null() && !value->keeps_null)) {
    mapping.erase(key);
    return;
  }
  if (MergeNode* existing = mapping.find(key)) {
    value->own.style = existing->own.style;
    value->own.has_explicit_tag = existing->own.has_explicit_tag;
    existing->become(*value);
    return;
  }
  YamlNode name = make_yaml_scalar(key);
  name.style = key_style;
  mapping.content.push_back(make(std::move(name)));
  mapping.content.push_back(value);
}

void expect_kind(const MergeNode& node, YamlNode::Kind kind) {
  if (node.is_null() || node.own.kind == kind) return;
  expect_kind(MergeGraph::give(node), kind);
}

void set_element(MergeNode& list, MergeNode* element,
                 const std::vector<std::string>& keys,
                 const std::vector<std::string>& values) {
  expect_kind(list, YamlNode::Kind::sequence);
  const bool for_mappings = !keys.empty() && !keys.front().empty() &&
                            !values.empty() && !values.front().empty();
  std::vector<MergeNode*> kept;
  kept.reserve(list.content.size() + 1);
  bool is_found = false;
  for (MergeNode* item : list.content) {
    if (item->is_null() || (item->is_mapping() && item->content.empty())) {
      continue;
    }
    if (!item->is_mapping() && for_mappings) {
      kept.push_back(item);
      continue;
    }
    if (!has_values(*item, keys, values)) {
      if (!values.empty()) kept.push_back(item);
      continue;
    }
    is_found = true;
    if (element) kept.push_back(element);
  }
  if (!is_missing(element) && !is_found) kept.push_back(element);
  list.content = std::move(kept);
}

MergeNode* find_element(const MergeNode& list,
                        const std::vector<std::string>& keys,
                        const std::vector<std::string>& values) {
  if (!list.is_sequence()) return nullptr;
  for (MergeNode* item : list.content) {
    if (keys.empty() || keys.front().empty()) {
      if (item->own.text == (values.empty() ? "" : values.front())) return item;
      continue;
    }
    if (!item->is_mapping() || keys.size() != values.size()) continue;
    bool matches = true;
    for (std::size_t i = 0; i < keys.size() && matches; ++i) {
      const MergeNode* found = item->find(keys[i]);
      matches = found && found->own.text == values[i];
    }
    if (matches) return item;
  }
  return nullptr;
}

}  // namespace skerry::chart::kustomize
