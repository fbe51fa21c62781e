// What names a resource: group, version, kind, name and namespace, and the
// forms in which Kustomize prints them. Plain values, thread-safe.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace skerry::chart::kustomize {

struct Gvk {
  std::string group, version, kind;

  // "apps/v1", "v1"
  std::string api_version() const;
  // "Deployment.v1.apps"; "[noGrp]" and its like for what is empty.
  std::string text() const;
  // "apps_v1_Deployment"
  std::string text_without_empty() const;
  // Whether each part that `selector` gives is this one's.
  bool is_selected_by(const Gvk& selector) const;
  friend bool operator==(const Gvk&, const Gvk&) = default;
  friend auto operator<=>(const Gvk&, const Gvk&) = default;
};

Gvk make_gvk(std::string_view api_version, std::string_view kind);

// Whether the kind is one of Kubernetes' own that lives outside namespaces.
bool is_certainly_cluster_scoped(const Gvk& gvk);

struct ResourceId {
  Gvk gvk;
  std::string name, name_space;
  bool is_cluster_scoped = false;  // false for earlier ids

  // "default" for none, "_non_namespaceable_" for cluster-scoped ones.
  std::string_view effective_namespace() const;
  bool is_in_default_namespace() const;
  // "Deployment.v1.apps/web.[noNs]"
  std::string text() const;
  // Same kind, name and effective namespace.
  bool equals(const ResourceId& other) const;
  // Equal for ids that are equals().
  std::string key() const;
};

}  // namespace skerry::chart::kustomize
