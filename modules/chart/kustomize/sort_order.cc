#include "kustomize/sort_order.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "core/error.h"

namespace skerry::chart::kustomize {

namespace {

const SortOptions::Legacy& default_order() {
  static const SortOptions::Legacy kOrder = {
      {"Namespace",          "ResourceQuota",
       "StorageClass",       "CustomResourceDefinition",
       "ServiceAccount",     "PodSecurityPolicy",
       "Role",               "ClusterRole",
       "RoleBinding",        "ClusterRoleBinding",
       "ConfigMap",          "Secret",
       "Endpoints",          "Service",
       "LimitRange",         "PriorityClass",
       "PersistentVolume",   "PersistentVolumeClaim",
       "Deployment",         "StatefulSet",
       "CronJob",            "PodDisruptionBudget"},
      {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}};
  return kOrder;
}

std::string or_mark(const std::string& text, const char* mark) {
  return text.empty() ? mark : text;
}

// What decides between two resources, made once for each.
struct Key {
  int rank = 0;
  ResourceId id;
  std::string kind_text;  // compares kinds
  std::string text;       // compares resources of one kind
  std::size_t place = 0;
};

Key make_key(const Resource& resource, const std::map<std::string, int>& ranks,
             std::size_t place) {
  Key key;
  key.id = resource.id();
  auto rank = ranks.find(key.id.gvk.kind);
  key.rank = rank == ranks.end() ? 0 : rank->second;
  const Gvk& gvk = key.id.gvk;
  key.kind_text = or_mark(gvk.group, "~G") + "_" + or_mark(gvk.version, "~V") +
                  "_" + or_mark(gvk.kind, "~K");
  key.text = gvk.text() + "|" + or_mark(key.id.name_space, "~X") + "|" +
             or_mark(key.id.name, "~N");
  key.place = place;
  return key;
}

bool is_less(const Key& a, const Key& b) {
  const Gvk &x = a.id.gvk, &y = b.id.gvk;
  if (x == y) return a.text < b.text;
  if (a.rank != b.rank) return a.rank < b.rank;
  bool are_namespaces = x.kind == "Namespace" && y.kind == "Namespace";
  if (are_namespaces && (x.group.empty() || y.group.empty())) {
    return a.kind_text > b.kind_text;
  }
  return a.kind_text < b.kind_text;
}

}  // namespace

void sort_resources(ResourceMap& resources,
                    const std::optional<SortOptions>& options) {
  const SortOptions::Legacy* order = &default_order();
  if (options) {
    if (options->order != "fifo" && options->order != "legacy") {
      fail(ErrorCode::invalid, "the field 'sortOptions.order' must be one of "
           "[fifo, legacy]");
    }
    if (options->order == "fifo" && options->legacy) {
      fail(ErrorCode::invalid,
           "the field 'sortOptions.legacySortOptions' is set but the selected "
           "sort order is 'fifo', not 'legacy'");
    }
    if (options->order == "fifo") return;
    if (options->legacy) order = &*options->legacy;
  }
  std::map<std::string, int> ranks;
  int before = -static_cast<int>(order->first.size());
  for (auto& kind : order->first) ranks[kind] = before++;
  int after = 1;
  for (auto& kind : order->last) ranks[kind] = after++;
  auto& list = resources.resources();
  std::vector<Key> keys;
  keys.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    keys.push_back(make_key(*list[i], ranks, i));
  }
  std::stable_sort(keys.begin(), keys.end(), is_less);
  ResourceMap::List sorted;
  sorted.reserve(list.size());
  std::unordered_set<std::string> seen;
  for (auto& key : keys) {
    if (!seen.insert(key.id.key()).second) {
      fail(ErrorCode::invalid,
           "SortOrderTransformer: Failed to append to resources: may not add "
           "resource with an already registered id: {}",
           key.id.text());
    }
    sorted.push_back(std::move(list[key.place]));
  }
  list = std::move(sorted);
  resources.ids_changed();
}

}  // namespace skerry::chart::kustomize
