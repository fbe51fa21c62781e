#include "kustomize/resource.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text/yaml_emitter.h"

namespace skerry::chart::kustomize {

namespace {

const std::string kNone;

// Annotations that Kustomize and its functions keep for themselves.
bool is_build_annotation(std::string_view key) {
  constexpr std::array<std::string_view, 18> kNames = {
      "internal.config.kubernetes.io/previousKinds",
      "internal.config.kubernetes.io/previousNames",
      "internal.config.kubernetes.io/prefixes",
      "internal.config.kubernetes.io/suffixes",
      "internal.config.kubernetes.io/previousNamespaces",
      "internal.config.kubernetes.io/allowNameChange",
      "internal.config.kubernetes.io/allowKindChange",
      "internal.config.kubernetes.io/refBy",
      "internal.config.kubernetes.io/generatorBehavior",
      "internal.config.kubernetes.io/needsHashSuffix",
      "internal.config.kubernetes.io/path",
      "internal.config.kubernetes.io/index",
      "internal.config.kubernetes.io/seqindent",
      "internal.config.kubernetes.io/id",
      "internal.config.kubernetes.io/annotations-migration-resource-id",
      "config.kubernetes.io/path",
      "config.kubernetes.io/index",
      "config.k8s.io/id",
  };
  return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

const YamlNode* metadata_of(const YamlNode& node) {
  const YamlNode* metadata = node.find("metadata");
  return metadata && !metadata->is_empty() ? metadata : nullptr;
}

}  // namespace

const std::string& Resource::metadata_text(std::string_view field) const {
  const YamlNode* metadata = metadata_of(node);
  const YamlNode* value = metadata ? metadata->find(field) : nullptr;
  return value && !value->is_empty() ? value->text : kNone;
}

ResourceId Resource::id() const {
  ResourceId id;
  id.gvk = gvk();
  id.name = name();
  id.name_space = name_space();
  id.is_cluster_scoped = is_certainly_cluster_scoped(id.gvk);
  return id;
}

ResourceId Resource::original_id() const {
  if (previous.empty()) return id();
  ResourceId first;
  first.gvk = gvk();
  first.gvk.kind = previous[0].kind;
  first.name = previous[0].name;
  first.name_space = previous[0].name_space;
  return first;
}

std::vector<ResourceId> Resource::previous_ids() const {
  std::vector<ResourceId> ids;
  for (auto& one : previous) {
    ResourceId id;
    id.gvk = gvk();
    id.gvk.kind = one.kind;
    id.name = one.name;
    id.name_space = one.name_space;
    ids.push_back(std::move(id));
  }
  return ids;
}

void Resource::remember_id() {
  ResourceId now = id();
  previous.push_back(
      {now.name, std::string(now.effective_namespace()), now.gvk.kind});
}

void Resource::set_name(std::string_view name) {
  node.get_or_make("metadata").set("name", make_yaml_scalar(name));
}

void Resource::set_name_space(std::string_view name_space) {
  if (name_space.empty()) {
    if (YamlNode* metadata = node.find("metadata")) metadata->erase("namespace");
    return;
  }
  node.get_or_make("metadata").set("namespace", make_yaml_scalar(name_space));
}

void Resource::set_kind(std::string_view kind) {
  node.set("kind", make_yaml_scalar(kind));
}

void Resource::set_api_version(std::string_view api_version) {
  node.set("apiVersion", make_yaml_scalar(api_version));
}

std::optional<std::string> Resource::annotation(std::string_view key) const {
  const YamlNode* metadata = metadata_of(node);
  const YamlNode* map = metadata ? metadata->find("annotations") : nullptr;
  const YamlNode* value = map ? map->find(key) : nullptr;
  if (!value) return std::nullopt;
  return value->text;
}

Resource::Texts Resource::metadata_map(std::string_view field) const {
  Texts texts;
  const YamlNode* metadata = metadata_of(node);
  const YamlNode* map = metadata ? metadata->find(field) : nullptr;
  if (!map || map->is_sequence()) return texts;
  for (std::size_t i = 0; i + 1 < map->children.size(); i += 2) {
    const std::string& key = map->children[i].text;
    auto same = std::find_if(texts.begin(), texts.end(),
                             [&](auto& pair) { return pair.first == key; });
    if (same == texts.end()) {
      texts.emplace_back(key, map->children[i + 1].text);
    } else {
      same->second = map->children[i + 1].text;
    }
  }
  return texts;
}

void Resource::set_metadata_map(std::string_view field, Texts texts) {
  YamlNode& metadata = node.get_or_make("metadata");
  metadata.erase(field);
  if (texts.empty()) return;
  std::sort(texts.begin(), texts.end());
  YamlNode map = make_yaml_mapping();
  for (auto& [key, value] : texts) {
    map.children.push_back(make_yaml_scalar(key));
    map.children.push_back(make_yaml_text(value));
  }
  metadata.set(field, std::move(map));
}

void Resource::drop_annotations(
    const std::function<bool(std::string_view)>& dropped) {
  Texts kept = annotations();
  std::erase_if(kept, [&](auto& one) {
    return is_build_annotation(one.first) || dropped(one.first);
  });
  set_annotations(std::move(kept));
}

std::string Resource::to_yaml() const {
  return yaml_node_to_yaml(node);
}

Resource& ResourceMap::append(Resource resource) {
  return append(std::make_unique<Resource>(std::move(resource)));
}

Resource& ResourceMap::append(std::unique_ptr<Resource> resource) {
  ResourceId id = resource->id();
  if (!find_current(id).empty()) {
    fail(ErrorCode::invalid,
         "may not add resource with an already registered id: {}", id.text());
  }
  list_.push_back(std::move(resource));
  Resource* added = list_.back().get();
  (*current_)[id.key()].push_back(added);
  if (any_) add_to_any(*added);
  return *added;
}

void ResourceMap::append_all(ResourceMap&& other) {
  for (auto& one : other.list_) append(std::move(one));
  other = ResourceMap();
}

std::vector<Resource*> ResourceMap::find_current(const ResourceId& id) const {
  if (!current_) {
    current_.emplace();
    for (auto& one : list_) (*current_)[one->id().key()].push_back(one.get());
  }
  auto found = current_->find(id.key());
  return found == current_->end() ? std::vector<Resource*>() : found->second;
}

void ResourceMap::add_to_any(Resource& resource) const {
  if (resource.node.is_empty()) return;
  auto ids = resource.previous_ids();
  ids.push_back(resource.id());
  for (auto& known : ids) {
    auto& list = (*any_)[known.key()];
    if (list.empty() || list.back() != &resource) list.push_back(&resource);
  }
}

std::vector<Resource*> ResourceMap::find_any(const ResourceId& id) const {
  if (!any_) {
    any_.emplace();
    for (auto& one : list_) add_to_any(*one);
  }
  auto found = any_->find(id.key());
  return found == any_->end() ? std::vector<Resource*>() : found->second;
}

void ResourceMap::drop_empty() {
  std::erase_if(list_, [](auto& one) { return one->node.is_empty(); });
  ids_changed();
}

}  // namespace skerry::chart::kustomize
