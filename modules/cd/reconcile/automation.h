// Whether an application syncs itself now. A pure function.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "compare/compare.h"
#include "core/os/clock.h"
#include "operation.h"

namespace skerry::cd {

struct AutomationInput {
  const Application& app;       // as it should be (at a pin: the pinned one)
  const Comparison& comparison;
  const Operation* last;        // the last operation, finished
  std::string_view input;       // operation_input() of what should be
  UnixMillis now = 0;
  int heals = 0;                // self-heals in a row for this input
};

struct Decision {
  bool sync = false;
  bool heal = false;  // only what differs, without hooks
  std::string reason; // why not, for the status; "" when all is well
  std::optional<std::chrono::milliseconds> later;  // ask again then
};

// Argo CD's rules: never the same revision and parameters again, unless
// selfHeal (which here also repeats a failed attempt, with growing pauses, as
// long as trying again can help); nothing to do when only pruning is
// left and prune is off; no automated sync to nothing unless allowEmpty.
Decision decide(const AutomationInput& input);

// The pause before self-heal number `heals` + 1 in a row: none, 1 s, 3 s ...
// at most 5 minutes, so that a target that fights back is not flooded.
std::chrono::milliseconds heal_delay(int heals);

}  // namespace skerry::cd
