// One sync as it is carried out. It is stored after every step, so that the
// next start of the daemon goes on where the last one was killed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/os/clock.h"
#include "core/text/json.h"
#include "order.h"
#include "source/sources.h"

namespace skerry::cd {

enum class TaskState { pending, running, done, failed };
std::string_view to_string(TaskState state);

struct Step {
  Task task;
  TaskState state = TaskState::pending;
  std::string message;
};

struct Operation {
  // Argo CD's phases: Running, Succeeded, Failed.
  std::string phase = "Running";
  std::string message;
  UnixMillis started = 0;
  UnixMillis finished = 0;
  std::string initiated_by;  // a user, or "automated sync"
  bool automated = false;
  bool prune = false;
  std::vector<ResourceKey> only;  // a selective sync; empty: everything
  std::optional<std::int64_t> rollback_to;
  Json manifest;  // of the application as it is synced
  std::vector<Resolved> resolved;
  std::string input;  // digest of spec and revisions: what is attempted
  Retry retry;
  std::int64_t attempt = 1;
  UnixMillis retry_at = 0;  // not before
  bool planned = false;
  bool failing = false;     // runs its SyncFail hooks
  bool hopeless = false;    // no use in trying again
  std::vector<Step> steps;
  UnixMillis wave_started = 0;

  bool running() const { return phase == "Running"; }
};

Json to_json(const Operation& operation);
Operation operation_from_json(const Json& value);
// The part that the API shows: phase, message, times, results.
Json operation_view(const Operation& operation);

// What an attempt is about: the spec and the resolved revisions.
std::string operation_input(const Application& app,
                            const std::vector<Resolved>& resolved);

// The wait before attempt number `attempt` + 1.
std::int64_t retry_delay_ms(const Retry& retry, std::int64_t attempt);

}  // namespace skerry::cd
