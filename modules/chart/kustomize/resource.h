// A Kubernetes object on its way through a kustomization, and the ordered set
// of them that one accumulates. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/text/yaml_node.h"
#include "kustomize/resource_id.h"

namespace skerry::chart::kustomize {

enum class GeneratorBehavior { unspecified, create, replace, merge };

// What Kustomize itself keeps in annotations of its own while it works.
struct Resource {
  // A name the resource has had; oldest first.
  struct Previous {
    std::string name, name_space, kind;
  };

  YamlNode node;
  std::vector<Previous> previous{};
  std::vector<std::string> prefixes{}, suffixes{};
  std::vector<std::string> referred_by{};  // ids as text
  std::vector<std::string> variables{};    // vars that point here
  GeneratorBehavior behavior = GeneratorBehavior::unspecified;
  bool needs_hash = false;
  bool may_change_name = false, may_change_kind = false;  // of patches

  const std::string& kind() const { return node.text_of("kind"); }
  const std::string& api_version() const { return node.text_of("apiVersion"); }
  const std::string& name() const { return metadata_text("name"); }
  const std::string& name_space() const { return metadata_text("namespace"); }
  const std::string& metadata_text(std::string_view field) const;
  Gvk gvk() const { return make_gvk(api_version(), kind()); }
  ResourceId id() const;
  // The id it was read with.
  ResourceId original_id() const;
  std::vector<ResourceId> previous_ids() const;
  void remember_id();

  void set_name(std::string_view name);
  // Removes the field when empty.
  void set_name_space(std::string_view name_space);
  void set_kind(std::string_view kind);
  void set_api_version(std::string_view api_version);

  // metadata.labels and metadata.annotations as text, in key order when set.
  using Texts = std::vector<std::pair<std::string, std::string>>;
  Texts labels() const { return metadata_map("labels"); }
  Texts annotations() const { return metadata_map("annotations"); }
  std::optional<std::string> annotation(std::string_view key) const;
  void set_labels(Texts labels) { set_metadata_map("labels", std::move(labels)); }
  void set_annotations(Texts annotations) {
    set_metadata_map("annotations", std::move(annotations));
  }
  Texts metadata_map(std::string_view field) const;
  void set_metadata_map(std::string_view field, Texts texts);

  // Writes the annotations anew, as text, without those for which `dropped`
  // holds and without Kustomize's own.
  void drop_annotations(const std::function<bool(std::string_view)>& dropped);

  // As printed: Resource.AsYAML. Throws invalid.
  std::string to_yaml() const;
};

class ResourceMap {
 public:
  using List = std::vector<std::unique_ptr<Resource>>;

  std::size_t size() const { return list_.size(); }
  // In order of arrival. Who changes an id through it calls ids_changed();
  // who removes one, too.
  List& resources() { return list_; }
  const List& resources() const { return list_; }

  // Throws invalid when its id is taken.
  Resource& append(Resource resource);
  Resource& append(std::unique_ptr<Resource> resource);
  void append_all(ResourceMap&& other);
  // The resources whose current id equals `id`, in order.
  std::vector<Resource*> find_current(const ResourceId& id) const;
  // The same for current or earlier ids.
  std::vector<Resource*> find_any(const ResourceId& id) const;
  // Indexes of ids are made anew when next needed.
  void ids_changed() { current_.reset(); any_.reset(); }
  // Removes those whose node has become empty.
  void drop_empty();

 private:
  using Index = std::unordered_map<std::string, std::vector<Resource*>>;

  void add_to_any(Resource& resource) const;

  List list_;
  mutable std::optional<Index> current_, any_;
};

}  // namespace skerry::chart::kustomize
