#include "reconcile/automation.h"

#include <algorithm>

namespace skerry::cd {

std::chrono::milliseconds heal_delay(int heals) {
  std::int64_t delay = 0;
  for (int i = 0; i < heals && delay < 300'000; ++i) {
    delay = delay == 0 ? 1'000 : delay * 3;
  }
  return std::chrono::milliseconds(std::min<std::int64_t>(delay, 300'000));
}

Decision decide(const AutomationInput& in) {
  const Comparison& comparison = in.comparison;
  if (comparison.sync != SyncStatus::out_of_sync || !in.app.automated) {
    return {};
  }
  const Automated& automated = *in.app.automated;
  if (comparison.to_apply == 0 && !automated.prune) {
    return {false, false,
            "only pruning is left, and automated.prune is off", {}};
  }
  const bool may_prune = std::any_of(
      comparison.resources.begin(), comparison.resources.end(),
      [](const ResourceState& s) { return s.requires_prune && s.may_prune; });
  if (comparison.to_apply == 0 && !may_prune) {
    return {false, false, "what is left to prune is kept by Prune=false", {}};
  }
  const bool empty = std::none_of(
      comparison.resources.begin(), comparison.resources.end(),
      [](const ResourceState& s) { return !s.requires_prune; });
  if (empty && !automated.allow_empty) {
    return {false, false,
            "the sources hold no manifest at all; automated.allowEmpty is off",
            {}};
  }
  if (!in.last || in.last->input != in.input || !in.last->only.empty()) {
    const bool healed = in.last && in.last->automated &&
                        in.last->input == in.input && !in.last->only.empty();
    if (!healed) return {true, false, {}, {}};
  }
  const bool failed = in.last->phase != "Succeeded";
  if (failed && (!automated.self_heal || in.last->hopeless)) {
    return {false, false,
            "the last sync to this revision failed: " + in.last->message, {}};
  }
  if (!automated.self_heal) {
    return {false, false,
            "this revision was synced, and automated.selfHeal is off", {}};
  }
  // A whole sync that failed is repeated as a whole, hooks included.
  const bool heal = !failed || !in.last->only.empty();
  const auto due = in.last->finished + heal_delay(in.heals).count();
  if (in.now < due) {
    return {false, heal, "self-heal waits",
            std::chrono::milliseconds(due - in.now)};
  }
  return {true, heal, {}, {}};
}

}  // namespace skerry::cd
