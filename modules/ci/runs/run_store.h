// Runs in the database. Functions that take a Transaction are part of the
// caller's; the others read a snapshot.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/events/event_log.h"
#include "core/store/digest.h"
#include "core/store/sqlite.h"
#include "runs/run.h"

namespace skerry::ci {

struct RunFilter {
  std::string project, repo;  // empty: all
  std::int64_t before = 0;    // runs with a smaller id; 0: all
  std::size_t limit = 50;
};

// Thread-safe.
class RunStore {
 public:
  RunStore(Database& db, EventLog& events) : db_(db), events_(events) {}
  static std::span<const Migration> migrations();

  std::optional<Run> find(std::int64_t id);
  std::optional<Run> find(std::string_view project, std::string_view repo,
                          std::int64_t number);
  // Newest first.
  std::vector<Run> list(const RunFilter& filter);
  std::vector<Run> in_state(Transaction& tx, RunState state);
  // All of them; an empty `repo` means the whole project's.
  std::vector<Run> of_repository(Transaction& tx, std::string_view project,
                                 std::string_view repo);
  std::vector<StageRow> stages(std::int64_t run);
  std::vector<Artifact> artifacts(std::int64_t run);
  std::optional<Artifact> artifact(std::int64_t run, std::string_view path);
  std::vector<std::string> test_reports(std::int64_t run);  // digests
  // The last run of the same ref that finished before `run` was queued.
  std::optional<Run> previous(const Run& run);
  // Those that have runs.
  std::vector<std::pair<std::string, std::string>> repositories();
  // The run that keeps the blob as an artifact or a test report, in words.
  static std::optional<std::string> blob_user(Connection& db,
                                              const Digest& digest);

  // Gives id and number, appends RunQueued. Nothing when a run for the same
  // event exists already.
  std::optional<Run> add(Transaction& tx, Run run);
  void set_job(Transaction& tx, std::int64_t run, std::int64_t job);
  // queued -> running, unless `limit` runs are running or a single-run rule
  // forbids it; then the run waits (job 0) and false is returned.
  bool claim(Transaction& tx, const Run& run, UnixMillis now,
             std::int64_t limit);
  // Ends the run and its open stages, appends RunFinished. False when it has
  // ended before.
  bool finish(Transaction& tx, const Run& run, Result result,
              std::string_view error, UnixMillis now);
  // Queued runs that wait for their turn, oldest first.
  std::vector<Run> waiting(Transaction& tx, std::size_t limit);
  void ask_cancel(Transaction& tx, std::int64_t run, std::string_view who);

  void set_stages(std::int64_t run, const std::vector<StageRow>& stages);
  void start_stage(std::int64_t run, int stage, UnixMillis now,
                   std::uint64_t log_start);
  void finish_stage(std::int64_t run, int stage, Result result, UnixMillis now,
                    std::uint64_t log_end);
  void add_artifact(std::int64_t run, const Artifact& artifact);
  void add_tests(std::int64_t run, std::string_view digest, int total,
                 int failed, int skipped);
  void remove(Transaction& tx, std::int64_t run);
  void remove_artifacts(std::int64_t run);

 private:
  Database& db_;
  EventLog& events_;
};

}  // namespace skerry::ci
