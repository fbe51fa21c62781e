#include "kustomize/strategic_merge.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/error.h"
#include "kustomize/merge_graph.h"
#include "kustomize/node_fields.h"

namespace skerry::chart::kustomize {
namespace {

using Kind = YamlNode::Kind;
using Texts = std::vector<std::string>;

constexpr std::string_view kDirective = "$patch";

enum class Directive { merge, replace, remove };

struct KeyValues {
  Texts keys, values;
};

// Walks target and patch side by side. The result of a step is the node that
// stands for both: the target changed in place, or the patch's node, or none.
class Merge {
 public:
  Merge(MergeGraph& graph, Schema& schema) : graph_(graph), schema_(schema) {}

  MergeNode* walk(MergeNode* target, MergeNode* patch,
                  const SchemaNode* schema);

 private:
  const SchemaNode* schema_of(const MergeNode* target, const MergeNode* patch,
                              const SchemaNode* schema);
  MergeNode* walk_mapping(MergeNode* target, MergeNode* patch,
                          const SchemaNode* schema);
  MergeNode* merge_mapping(MergeNode* target, MergeNode* patch);
  MergeNode* walk_list(MergeNode* target, MergeNode* patch,
                       const SchemaNode* schema);
  MergeNode* merge_list(MergeNode* target, MergeNode* patch);
  MergeNode* walk_items(std::vector<Texts> values, const Texts& keys,
                        MergeNode* target, MergeNode* patch,
                        const SchemaNode* schema);
  void set_keys(MergeNode& item, const KeyValues& of_item);
  static MergeNode* append_items(MergeNode* to, const MergeNode& from,
                                 const Texts& keys);
  static Directive take_directive(MergeNode& patch);

  MergeGraph& graph_;
  Schema& schema_;
};

Directive directive_of(std::string_view text) {
  if (text == "delete") return Directive::remove;
  if (text == "replace") return Directive::replace;
  if (text == "merge") return Directive::merge;
  fail(ErrorCode::invalid, "unknown patch strategy '{}'", text);
}

// An empty target looks as the patch was written, not as "{}" or "[]".
void take_style(MergeNode* target, const MergeNode* patch) {
  if (target && patch && !target->own.is_scalar() && target->content.empty()) {
    target->own.style = patch->own.style;
  }
}

std::string item_value(const MergeNode& item, const std::string& key) {
  const MergeNode* value = item.find(key);
  return value && !value->is_empty() ? value->own.text : std::string();
}

// The values that the items of both lists have for the keys, once each, the
// patch's first.
std::vector<Texts> values_of_items(const MergeNode* target,
                                   const MergeNode* patch, const Texts& keys) {
  std::vector<Texts> values;
  if (keys.empty()) return values;
  std::set<Texts> seen;
  for (const MergeNode* list : {patch, target}) {
    if (!list) continue;
    for (const MergeNode* item : list->content) {
      Texts of_item;
      for (const std::string& key : keys) {
        of_item.push_back(item_value(*item, key));
      }
      if (seen.insert(of_item).second) values.push_back(std::move(of_item));
    }
  }
  return values;
}

std::vector<Texts> values_of_scalars(const MergeNode* target,
                                     const MergeNode* patch) {
  std::vector<Texts> values;
  std::set<std::string> seen;
  for (const MergeNode* list : {patch, target}) {
    if (!list) continue;
    for (const MergeNode* item : list->content) {
      if (seen.insert(item->own.text).second) {
        values.push_back({item->own.text});
      }
    }
  }
  return values;
}

// Two items are the same when they share a value and lack what else differs:
// a port with and without its protocol. Nothing when they are not.
std::optional<Texts> joined(const Texts& a, const Texts& b) {
  bool shares = false;
  Texts both;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) {
      shares = true;
    } else if (!a[i].empty() && !b[i].empty()) {
      return std::nullopt;
    }
    both.push_back(a[i].empty() ? b[i] : a[i]);
  }
  if (!shares) return std::nullopt;
  return both;
}

void join_values(std::vector<Texts>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Texts at_start = values[i];
    for (Texts& other : values) {
      if (auto both = joined(at_start, other)) {
        other = *both;
        values[i] = std::move(*both);
      }
    }
  }
}

std::set<std::string> keys_in_use(const std::vector<Texts>& of_items,
                                  const Texts& keys) {
  std::set<std::string> used;
  for (const Texts& each : of_items) {
    for (std::size_t i = 0; i < each.size(); ++i) {
      if (!each[i].empty()) used.insert(keys[i]);
    }
  }
  return used;
}

// Of the keys those in use, with their values; all when none is.
KeyValues usable(const std::set<std::string>& used, const Texts& keys,
                 const Texts& values) {
  if (used.empty()) return {keys, values};
  KeyValues usable;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!used.contains(keys[i])) continue;
    usable.keys.push_back(keys[i]);
    if (i < values.size()) usable.values.push_back(values[i]);
  }
  return usable;
}

bool is_empty_item(const MergeNode* item) {
  return is_missing(item) || (item->is_mapping() && item->content.empty());
}

Directive Merge::take_directive(MergeNode& patch) {
  if (patch.is_sequence()) {
    const MergeNode* holder = nullptr;
    for (const MergeNode* item : patch.content) {
      if (!holder && item->find(kDirective)) holder = item;
    }
    // With more keys, it is that item's own.
    if (!holder || holder->content.size() > 2) return Directive::merge;
    const std::string text = holder->find(kDirective)->own.text;
    const Directive directive = directive_of(text);
    set_element(patch, nullptr, {std::string(kDirective)}, {text});
    return directive;
  }
  const MergeNode* value = patch.find(kDirective);
  if (!value) return Directive::merge;
  const Directive directive = directive_of(value->own.text);
  patch.erase(kDirective);
  return directive;
}

const SchemaNode* Merge::schema_of(const MergeNode* target,
                                   const MergeNode* patch,
                                   const SchemaNode* schema) {
  if (schema) return schema;
  for (const MergeNode* node : {target, patch}) {
    if (is_missing(node)) continue;
    const MergeNode* version = node->find("apiVersion");
    const MergeNode* kind = node->find("kind");
    if (!version || !kind || version->own.text.empty() ||
        kind->own.text.empty()) {
      continue;
    }
    const SchemaNode* found =
        schema_.find_kind(version->own.text, kind->own.text);
    if (found) return found;
  }
  return nullptr;
}

MergeNode* Merge::walk(MergeNode* target, MergeNode* patch,
                       const SchemaNode* schema) {
  schema = schema_of(target, patch, schema);
  const MergeNode* first = !is_missing(target) ? target : patch;
  if (is_missing(first)) return walk_mapping(target, patch, schema);
  for (const MergeNode* node : {target, patch}) {
    if (node) expect_kind(*node, first->own.kind);
  }
  switch (first->own.kind) {
    case Kind::mapping:
      return walk_mapping(target, patch, schema);
    case Kind::sequence:
      return walk_list(target, patch, schema);
    case Kind::scalar:
      break;
  }
  return patch ? patch : target;
}

MergeNode* Merge::merge_mapping(MergeNode* target, MergeNode* patch) {
  take_style(target, patch);
  if (is_missing(target)) {
    if (patch && patch->is_mapping()) {
      const MergeNode* value = patch->find(kDirective);
      const std::string text = value ? value->own.text : "merge";
      if (text == "delete" || text == "replace" || text == "merge") {
        if (take_directive(*patch) == Directive::remove) return nullptr;
      }
    }
    if (!patch && target && !target->own.text.empty()) {
      MergeNode* null =
          graph_.make(make_tagged_scalar(target->own.text, YamlTag::null));
      null->keeps_null = true;
      return null;
    }
    return patch;
  }
  if (!patch) return target;
  if (patch->is_null()) return nullptr;
  switch (take_directive(*patch)) {
    case Directive::remove:
      return nullptr;
    case Directive::replace:
      return patch;
    case Directive::merge:
      break;
  }
  return target;
}

MergeNode* Merge::walk_mapping(MergeNode* target, MergeNode* patch,
                               const SchemaNode* schema) {
  target = merge_mapping(target, patch);
  if (!target) return nullptr;
  std::set<std::string> names;
  for (const MergeNode* node : {target, patch}) {
    if (!node || !node->is_mapping()) continue;
    for (std::size_t i = 0; i + 1 < node->content.size(); i += 2) {
      names.insert(node->content[i]->own.text);
    }
  }
  for (const std::string& name : names) {
    MergeNode* in_target = target->find(name);
    MergeNode* in_patch = patch ? patch->find(name) : nullptr;
    YamlStyle style = YamlStyle::plain;
    MergeNode* value = walk(in_target, in_patch, schema_.field(schema, name));
    if (value && value == in_patch) style = patch->find_key(name)->own.style;
    graph_.set_field(*target, name, value, style);
  }
  return target;
}

MergeNode* Merge::merge_list(MergeNode* target, MergeNode* patch) {
  if (is_missing(target)) return patch;
  if (!patch) return target;
  if (patch->is_null()) return nullptr;
  switch (take_directive(*patch)) {
    case Directive::remove:
      return nullptr;
    case Directive::replace:
      return patch;
    case Directive::merge:
      break;
  }
  return target;
}

MergeNode* Merge::walk_list(MergeNode* target, MergeNode* patch,
                            const SchemaNode* schema) {
  take_style(target, patch);
  if (!schema || !schema->merges) return patch ? patch : target;
  target = merge_list(target, patch);
  if (!target) return nullptr;
  const std::size_t size =
      std::max(target->content.size(), patch ? patch->content.size() : 0);
  if (size > kMaxMergedItems) {
    fail(ErrorCode::too_large,
         "a list of {} items is too long to be merged item by item; at most {}",
         size, kMaxMergedItems);
  }
  if (!schema->merge_keys.empty()) {
    return walk_items(values_of_items(target, patch, schema->merge_keys),
                      schema->merge_keys, target, patch, schema);
  }
  return walk_items(values_of_scalars(target, patch), {""}, target, patch,
                    schema);
}

// An item keeps the values by which it was found.
void Merge::set_keys(MergeNode& item, const KeyValues& of_item) {
  for (std::size_t i = 0; i < of_item.keys.size(); ++i) {
    const std::string& key = of_item.keys[i];
    if (of_item.values[i].empty() || item.find(key)) continue;
    graph_.set_field(item, key,
                     graph_.make(make_yaml_scalar(of_item.values[i])),
                     YamlStyle::plain);
  }
}

MergeNode* Merge::walk_items(std::vector<Texts> values, const Texts& keys,
                             MergeNode* target, MergeNode* patch,
                             const SchemaNode* schema) {
  if (keys.size() > 1) join_values(values);
  MergeNode* merged = graph_.make(make_yaml_sequence());
  const SchemaNode* of_items = schema_.items(schema);
  const std::set<std::string> used = keys_in_use(values, keys);
  for (const Texts& each : values) {
    const KeyValues of_item = usable(used, keys, each);
    const KeyValues given = usable(keys_in_use({of_item.values}, of_item.keys),
                                   of_item.keys, of_item.values);
    MergeNode* item =
        walk(find_element(*target, given.keys, given.values),
             patch ? find_element(*patch, given.keys, given.values) : nullptr,
             of_items);
    if (is_empty_item(item)) {
      set_element(*target, nullptr, of_item.keys, of_item.values);
      continue;
    }
    set_keys(*item, of_item);
    set_element(*merged, item, of_item.keys, of_item.values);
  }
  if (values.empty()) return target;
  return append_items(merged, *target, usable(used, keys, {}).keys);
}

MergeNode* Merge::append_items(MergeNode* to, const MergeNode& from,
                               const Texts& keys) {
  for (MergeNode* item : from.content) {
    if (keys.front().empty()) {
      set_element(*to, item, {""}, {item->own.text});
      continue;
    }
    Texts values;
    for (const std::string& key : keys) {
      expect_kind(*item, Kind::mapping);
      const MergeNode* value = item->find(key);
      if (value) {
        values.push_back(value->own.text);
      } else {
        expect_kind(*to, Kind::sequence);
        to->content.push_back(item);
      }
    }
    // With several keys an item may be there already, under fewer of them.
    if (keys.size() > 1) set_element(*to, nullptr, keys, values);
    set_element(*to, item, keys, values);
  }
  return to;
}

}  // namespace

bool apply_strategic_merge(YamlNode& target, const YamlNode& patch,
                           Schema& schema) {
  MergeGraph graph;
  MergeNode* from = graph.add(target);
  MergeNode* with = graph.add(patch);
  MergeNode* result = Merge(graph, schema).walk(from, with, nullptr);
  target = MergeGraph::give(*from);
  return result != nullptr;
}

}  // namespace skerry::chart::kustomize
