// Durable background work. A job is a row; a worker leases it, runs it, and
// removes or re-schedules it. After a crash the lease runs out (at the next
// start: at once) and the job is run again, so handlers are idempotent.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/os/clock.h"
#include "core/os/mutex.h"
#include "core/store/sqlite.h"
#include "core/text/json.h"

namespace skerry {

enum class JobState { queued, running, done, failed, cancelled };
std::string_view to_string(JobState state);

struct Job {
  std::int64_t id = 0;
  std::string kind;
  std::string subject;
  Json payload;
  JobState state = JobState::queued;
  int attempt = 0;  // 1 in the first run
  std::string error;
  double progress = 0;  // 0 to 1
  std::string progress_text;
  UnixMillis created = 0, due = 0;
};

// What a running handler sees. Used by its thread only.
class JobContext {
 public:
  virtual ~JobContext() = default;
  virtual const Job& job() const = 0;
  // Requested by cancel() and by an orderly stop of the daemon.
  virtual std::stop_token stop() const = 0;
  // True when cancel() asked, false when the daemon is stopping.
  virtual bool cancelled() const = 0;
  virtual void progress(double fraction, std::string_view text) = 0;
};

struct JobKind {
  std::string name;  // "ci.run"
  // Throwing retries (with backoff) until `max_attempts`, then the job is
  // failed; Error invalid, denied and not_found fail it at once.
  std::function<void(JobContext&)> run;
  int concurrency = 1;   // at once, in this process
  int max_attempts = 5;
  std::chrono::milliseconds backoff{1'000};  // doubles, at most 5 minutes
};

// Thread-safe.
class JobQueue {
 public:
  JobQueue(Database& db, const Clock& clock);
  ~JobQueue();

  // Before start().
  void add_kind(JobKind kind);
  // Adds a job in the caller's transaction, due `delay` after now. With
  // `unique`, an equal (kind, subject) that is still queued is returned
  // instead.
  std::int64_t enqueue(Transaction& tx, std::string_view kind,
                       std::string_view subject, const Json& payload,
                       std::chrono::milliseconds delay = {},
                       bool unique = false);
  // A queued job is cancelled at once; a running one is asked to stop. False
  // when it is over already or unknown.
  bool cancel(std::int64_t id);
  std::optional<Job> find(std::int64_t id);
  std::vector<Job> list(std::string_view kind, std::size_t limit = 100);
  // Those that are carried out at this moment.
  std::vector<Job> running(std::string_view kind);

  // Makes jobs that a dead process left running queued again, then starts the
  // workers.
  void start();
  // Asks running handlers to stop and waits for them.
  void stop();

  static std::span<const Migration> migrations();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry
