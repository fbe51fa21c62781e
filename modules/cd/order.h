// The order in which resources are applied and pruned. Pure functions.
//
// Argo CD: by phase, then wave, then kind, then name. Prunes belong to the
// Sync phase: their waves run in reverse, and within a wave they come before
// what is applied, last kind first. PruneLast puts them after the last wave.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resource.h"

namespace skerry::cd {

// Namespace first, CustomResourceDefinition before what uses it, Ingress late,
// unknown kinds last.
int kind_rank(std::string_view kind);

enum class Action { apply, prune, hook };
std::string_view to_string(Action action);

struct Task {
  Action action = Action::apply;
  Phase phase = Phase::sync;
  int wave = 0;
  ResourceKey key;
  bool prune_last = false;

  // Two tasks of one group may run without waiting for health in between.
  bool same_group(const Task& other) const {
    return phase == other.phase && wave == other.wave;
  }
};

void order_tasks(std::vector<Task>& tasks);

}  // namespace skerry::cd
