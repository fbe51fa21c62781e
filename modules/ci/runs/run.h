// A run: what was asked for, where it stands, what came of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "plan.h"
#include "value.h"

namespace skerry::ci {

enum class RunState { queued, running, finished };
std::string_view to_string(RunState state);

// Given by the user or by default; text, or "true"/"false" for a boolean.
using Parameters = std::map<std::string, std::string>;

struct Run {
  std::int64_t id = 0;
  std::string project, repo;
  std::int64_t number = 0;
  std::string ref;     // "refs/heads/main"
  std::string commit;  // object id
  std::optional<std::int64_t> event;  // the RefUpdated that caused it
  std::string cause;   // "push", "started by admin", "rerun of #3 by admin"
  std::string message, author;
  Parameters parameters;
  RunState state = RunState::queued;
  std::optional<Result> result;
  std::string error;
  UnixMillis queued = 0;
  std::optional<UnixMillis> started, finished;
  int attempt = 1;          // grows when an interrupted run is run again
  std::int64_t job = 0;     // in the job queue; 0: waits for its turn
  bool single = false;      // disableConcurrentBuilds
  // buildDiscarder of its pipeline: what it says about older runs.
  std::optional<BuildDiscarder> discard;
  std::string cancelled_by;  // who asked for its end
  int tests_total = 0, tests_failed = 0, tests_skipped = 0;

  std::string job_name() const { return project + "/" + repo; }
  // "demo/hello#12", the subject of its events.
  std::string subject() const;
  // "main" of refs/heads/main, otherwise "".
  std::string branch() const;
  std::string tag() const;
};

struct StageRow {
  int id = 0;
  std::optional<int> parent;
  std::string name;
  RunState state = RunState::queued;
  std::optional<Result> result;
  std::optional<UnixMillis> started, finished;
  std::optional<std::int64_t> log_start, log_end;  // offsets into the log
};

struct Artifact {
  std::string path;
  std::string digest;
  std::int64_t size = 0;
};

}  // namespace skerry::ci
