// Nodes that a merge works on: unlike YamlNode, several places may hold the
// same node, and what is changed through one place changes in the others, as
// it does in Kustomize. Not thread-safe.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/yaml_node.h"

namespace skerry::chart::kustomize {

struct MergeNode {
  YamlNode own;  // without its children
  std::vector<MergeNode*> content;
  bool keeps_null = false;  // a null that is written although it says nothing

  bool is_null() const { return own.is_null(); }
  bool is_mapping() const { return own.is_mapping(); }
  bool is_sequence() const { return own.is_sequence(); }
  bool is_empty() const {
    return is_null() || (!own.is_scalar() && content.empty());
  }
  // The value of the first pair with this key; nothing in other kinds.
  MergeNode* find(std::string_view key) const;
  const MergeNode* find_key(std::string_view key) const;
  void erase(std::string_view key);
  // Becomes equal to `other`, children shared.
  void become(const MergeNode& other);
};

inline bool is_missing(const MergeNode* node) {
  return !node || node->is_null();
}

class MergeGraph {
 public:
  MergeNode* add(const YamlNode& node);
  MergeNode* make(YamlNode own);
  // Sets, replaces or (for a missing value, or null) removes a pair.
  // `key_style` is that of a key that is appended.
  void set_field(MergeNode& mapping, const std::string& key, MergeNode* value,
                 YamlStyle key_style);
  static YamlNode give(const MergeNode& node);

 private:
  std::deque<MergeNode> nodes_;
  std::map<std::uint32_t, MergeNode*> twins_;
};

// Throws as expect_kind().
void expect_kind(const MergeNode& node, YamlNode::Kind kind);

// kyaml's ElementSetter: replaces the items whose `keys` have `values` by
// `element`, or removes them when there is none; appends it when no item
// matches. Empty items go.
void set_element(MergeNode& list, MergeNode* element,
                 const std::vector<std::string>& keys,
                 const std::vector<std::string>& values);
// The first item whose `keys` have `values`; the key "" stands for the item.
MergeNode* find_element(const MergeNode& list,
                        const std::vector<std::string>& keys,
                        const std::vector<std::string>& values);

}  // namespace skerry::chart::kustomize
