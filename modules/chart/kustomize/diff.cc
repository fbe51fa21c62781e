#include "kustomize/diff.h"

#include <functional>
#include <map>
#include <optional>
#include <set>

#include "core/error.h"
#include "kustomize/json_patch.h"
#include "kustomize/strategic_merge.h"

namespace skerry::chart::kustomize {
namespace {

using Strings = std::vector<std::string>;

std::string text_of(const Json& value) {
  return value.is_string()
             ? value.get<std::string>()
             : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t weight(const Json& value) { return text_of(value).size(); }

// The values of an item's merge keys; nothing when one is missing.
std::optional<Strings> identity(const Json& item, const Strings& keys) {
  if (!item.is_object()) return std::nullopt;
  Strings values;
  for (const std::string& key : keys) {
    const auto found = item.find(key);
    if (found == item.end() || found->is_structured() || found->is_null()) {
      return std::nullopt;
    }
    values.push_back(text_of(*found));
  }
  return values;
}

std::optional<std::vector<Strings>> identities(const Json& list,
                                               const Strings& keys) {
  std::vector<Strings> all;
  std::set<Strings> seen;
  for (const Json& item : list) {
    auto values = identity(item, keys);
    if (!values || !seen.insert(*values).second) return std::nullopt;
    all.push_back(std::move(*values));
  }
  return all;
}

Json keys_of(const Json& item, const Strings& keys) {
  Json only = Json::object();
  for (const std::string& key : keys) only[key] = item.at(key);
  return only;
}

Json replaced_list(const Json& wished) {
  Json patch = Json::array({Json{{"$patch", "replace"}}});
  for (const Json& item : wished) patch.push_back(item);
  return patch;
}

// Lists whose items merge by keys. The patch's items come first in the result,
// so it names every item up to the last one that is new or different.
class ListDiff {
 public:
  ListDiff(const Json& base, const Json& wished, const SchemaNode& type,
           Schema& schema)
      : base_(base), wished_(wished), type_(type), schema_(schema) {}

  Json patch();

 private:
  const Json* in_base(const Strings& values) const;
  std::size_t unchanged_tail(const std::vector<Strings>& base_ids,
                             const std::vector<Strings>& wished_ids) const;

  const Json& base_;
  const Json& wished_;
  const SchemaNode& type_;
  Schema& schema_;
  std::map<Strings, const Json*> items_;
};

const Json* ListDiff::in_base(const Strings& values) const {
  const auto found = items_.find(values);
  return found == items_.end() ? nullptr : found->second;
}

// How many items at the end may go unnamed: they stand in the base in the same
// order, behind one another among those that stay.
std::size_t ListDiff::unchanged_tail(
    const std::vector<Strings>& base_ids,
    const std::vector<Strings>& wished_ids) const {
  const std::set<Strings> wanted(wished_ids.begin(), wished_ids.end());
  std::vector<Strings> staying;
  for (const Strings& id : base_ids) {
    if (wanted.contains(id)) staying.push_back(id);
  }
  std::size_t tail = 0;
  while (tail < wished_ids.size() && tail < staying.size()) {
    const Strings& id = wished_ids[wished_ids.size() - 1 - tail];
    if (staying[staying.size() - 1 - tail] != id) break;
    if (*in_base(id) != wished_[wished_ids.size() - 1 - tail]) break;
    ++tail;
  }
  return tail;
}

Json ListDiff::patch() {
  const Strings& keys = type_.merge_keys;
  const auto base_ids = identities(base_, keys);
  const auto wished_ids = identities(wished_, keys);
  if (keys.empty() || !base_ids || !wished_ids) return replaced_list(wished_);
  for (std::size_t i = 0; i < base_.size(); ++i) {
    items_[(*base_ids)[i]] = &base_[i];
  }
  Json patch = Json::array();
  const std::size_t named =
      wished_.size() - unchanged_tail(*base_ids, *wished_ids);
  for (std::size_t i = 0; i < named; ++i) {
    const Json* before = in_base((*wished_ids)[i]);
    if (!before) {
      patch.push_back(wished_[i]);
      continue;
    }
    Json item =
        diff_as_merge(*before, wished_[i], schema_.items(&type_), schema_);
    item.update(keys_of(wished_[i], keys));
    patch.push_back(std::move(item));
  }
  const std::set<Strings> wanted(wished_ids->begin(), wished_ids->end());
  for (std::size_t i = 0; i < base_.size(); ++i) {
    if (wanted.contains((*base_ids)[i])) continue;
    Json gone = keys_of(base_[i], keys);
    gone["$patch"] = "delete";
    patch.push_back(std::move(gone));
  }
  Json whole = replaced_list(wished_);
  return weight(whole) < weight(patch) ? whole : patch;
}

void add_operation(Json& operations, const char* op, const std::string& path,
                   const Json* value) {
  Json operation = {{"op", op}, {"path", path}};
  if (value) operation["value"] = *value;
  operations.push_back(std::move(operation));
}

std::string escaped(const std::string& key) {
  std::string text;
  for (const char c : key) {
    text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return text;
}

void diff_into(const Json& base, const Json& wished, const std::string& path,
               Json& operations) {
  if (base == wished) return;
  if (base.is_object() && wished.is_object()) {
    for (const auto& [key, value] : base.items()) {
      const std::string at = path + "/" + escaped(key);
      const auto found = wished.find(key);
      if (found == wished.end()) {
        add_operation(operations, "remove", at, nullptr);
      } else {
        diff_into(value, *found, at, operations);
      }
    }
    for (const auto& [key, value] : wished.items()) {
      if (base.contains(key)) continue;
      add_operation(operations, "add", path + "/" + escaped(key), &value);
    }
  } else if (base.is_array() && wished.is_array() &&
             base.size() == wished.size()) {
    for (std::size_t i = 0; i < base.size(); ++i) {
      diff_into(base[i], wished[i], path + "/" + std::to_string(i), operations);
    }
  } else {
    add_operation(operations, "replace", path, &wished);
  }
}

// apiVersion, kind, name and namespace, by which a patch finds its object.
Json identity_of(const Json& object) {
  Json identity = {{"apiVersion", object.value("apiVersion", "")},
                   {"kind", object.value("kind", "")}};
  Json& metadata = identity["metadata"] = Json::object();
  for (const char* field : {"name", "namespace"}) {
    const auto found = object.find("metadata");
    if (found != object.end() && found->contains(field)) {
      metadata[field] = found->at(field);
    }
  }
  return identity;
}

bool gives(const Resource& base, const std::string& wished,
           const std::function<bool(YamlNode&)>& change) {
  Resource changed;
  changed.node = base.node;
  try {
    return change(changed.node) && changed.to_yaml() == wished;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Json diff_as_merge(const Json& base, const Json& wished, const SchemaNode* type,
                   Schema& schema) {
  Json patch = Json::object();
  for (const auto& [key, value] : base.items()) {
    if (!wished.contains(key)) patch[key] = nullptr;
  }
  for (const auto& [key, value] : wished.items()) {
    const auto before = base.find(key);
    const SchemaNode* field = schema.field(type, key);
    if (before == base.end()) {
      patch[key] = value;
    } else if (*before == value) {
      continue;
    } else if (before->is_object() && value.is_object()) {
      Json inner = diff_as_merge(*before, value, field, schema);
      Json whole = value;
      whole["$patch"] = "replace";
      patch[key] = weight(whole) < weight(inner) ? whole : inner;
    } else if (before->is_array() && value.is_array() && field &&
               field->merges) {
      patch[key] = ListDiff(*before, value, *field, schema).patch();
    } else {
      patch[key] = value;
    }
  }
  return patch;
}

Json diff_as_operations(const Json& base, const Json& wished) {
  Json operations = Json::array();
  diff_into(base, wished, "", operations);
  return operations;
}

ObjectDiff diff_objects(const Resource& base, const Resource& wished,
                        Schema& schema) {
  const std::string target = wished.to_yaml();
  if (base.to_yaml() == target) return {};
  const Json from = yaml_node_to_json(base.node);
  const Json to = yaml_node_to_json(wished.node);
  const SchemaNode* type = schema.find_kind(base.api_version(), base.kind());
  Json merge = diff_as_merge(from, to, type, schema);
  merge.merge_patch(identity_of(from));
  const bool merges = gives(base, target, [&](YamlNode& node) {
    return apply_strategic_merge(node, yaml_node_of(merge), schema);
  });
  if (merges) return {ObjectDiff::Kind::merge, std::move(merge)};
  Json operations = diff_as_operations(from, to);
  const bool applies = gives(base, target, [&](YamlNode& node) {
    apply_json_patch(node, operations);
    return true;
  });
  if (applies) return {ObjectDiff::Kind::json, std::move(operations)};
  fail(ErrorCode::internal, "no patch turns {} into what is wished",
       base.id().text());
}

}  // namespace skerry::chart::kustomize
