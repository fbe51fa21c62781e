#include "core/error.h"
#include "gotemplate/print.h"
#include "kustomize/generator.h"
#include "kustomize/target.h"

namespace skerry::chart::kustomize {

namespace {

// Go's %#v of an id.
std::string id_syntax(const ResourceId& id) {
  return fmt::format(
      "resid.ResId{{Gvk:resid.Gvk{{Group:{}, Version:{}, Kind:{}, "
      "isClusterScoped:{}}}, Name:{}, Namespace:{}}}",
      quote(id.gvk.group), quote(id.gvk.version), quote(id.gvk.kind),
      id.is_cluster_scoped, quote(id.name), quote(id.name_space));
}

void set_annotation(Resource& resource, std::string_view key,
                    const std::string& value) {
  auto annotations = resource.annotations();
  std::erase_if(annotations, [&](auto& one) { return one.first == key; });
  annotations.emplace_back(key, value);
  resource.set_annotations(std::move(annotations));
}

// `fresh` in the place of `old`.
void replace(Resource& old, Resource fresh) {
  bool merges = fresh.behavior == GeneratorBehavior::merge;
  auto origin = old.annotation(kOriginAnnotation);
  take_over(fresh, old, merges);
  if (merges && origin) set_annotation(fresh, kOriginAnnotation, *origin);
  old = std::move(fresh);
}

}  // namespace

void Accumulator::absorb(ResourceMap&& made) {
  for (auto& pointer : made.resources()) {
    Resource& one = *pointer;
    ResourceId id = one.id();
    auto found = resources.find_any(id);
    bool changes = one.behavior == GeneratorBehavior::merge ||
                   one.behavior == GeneratorBehavior::replace;
    if (found.size() > 1) {
      fail(ErrorCode::invalid,
           "found multiple objects that could accept merge of {}", id.text());
    }
    if (found.empty()) {
      if (changes) {
        fail(ErrorCode::invalid,
             "id {} does not exist; cannot merge or replace", id_syntax(id));
      }
      resources.append(std::move(pointer));
      continue;
    }
    if (!changes) {
      fail(ErrorCode::invalid,
           "id {} exists; behavior must be merge or replace", id_syntax(id));
    }
    replace(*found[0], std::move(one));
  }
}

ResourceMap make_map(std::vector<Resource> resources) {
  ResourceMap map;
  for (auto& one : resources) map.append(std::move(one));
  return map;
}

void Accumulator::merge(Accumulator&& other) {
  resources.append_all(std::move(other.resources));
  config = merge_configs(config, other.config);
  variables.merge(other.variables);
}

}  // namespace skerry::chart::kustomize
