#include "order.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace skerry::cd {

int kind_rank(std::string_view kind) {
  static constexpr std::array<std::string_view, 31> kOrder = {
      "Namespace",          "NetworkPolicy",
      "ResourceQuota",      "LimitRange",
      "PodSecurityPolicy",  "PodDisruptionBudget",
      "ServiceAccount",     "Secret",
      "ConfigMap",          "StorageClass",
      "PersistentVolume",   "PersistentVolumeClaim",
      "CustomResourceDefinition", "ClusterRole",
      "ClusterRoleBinding", "Role",
      "RoleBinding",        "Service",
      "DaemonSet",          "Pod",
      "ReplicationController", "ReplicaSet",
      "Deployment",         "HorizontalPodAutoscaler",
      "StatefulSet",        "Job",
      "CronJob",            "IngressClass",
      "Ingress",            "APIService",
      ""};
  const auto it = std::find(kOrder.begin(), kOrder.end() - 1, kind);
  return static_cast<int>(it - kOrder.begin());
}

std::string_view to_string(Action action) {
  switch (action) {
    case Action::apply: return "apply";
    case Action::prune: return "prune";
    case Action::hook: return "hook";
  }
  return "apply";
}

void order_tasks(std::vector<Task>& tasks) {
  std::set<int> prune_waves;
  int last_wave = 0;
  for (const Task& task : tasks) {
    if (task.action == Action::prune) prune_waves.insert(task.wave);
    if (task.phase == Phase::sync) last_wave = std::max(last_wave, task.wave);
  }
  std::map<int, int> reversed;
  auto from_end = prune_waves.rbegin();
  for (const int wave : prune_waves) reversed[wave] = *from_end++;
  for (Task& task : tasks) {
    if (task.action != Action::prune) continue;
    task.wave = task.prune_last ? last_wave + 1 : reversed[task.wave];
  }
  const auto rank = [](const Task& task) {
    const bool prune = task.action == Action::prune;
    const int kind = kind_rank(task.key.kind);
    return std::make_tuple(static_cast<int>(task.phase), task.wave,
                           prune ? 0 : 1, prune ? -kind : kind, task.key);
  };
  std::sort(tasks.begin(), tasks.end(),
            [&](const Task& a, const Task& b) { return rank(a) < rank(b); });
}

}  // namespace skerry::cd
