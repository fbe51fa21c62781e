// Runs of the jobs that look after storage (garbage collection, scrub): when
// each began and ended, what it is doing, and what it found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/boot/collection.h"
#include "core/boot/module.h"

namespace skerry::boot {

struct StorageRun {
  std::int64_t id = 0;
  bool dry_run = false;
  UnixMillis started = 0;
  std::optional<UnixMillis> finished;
  std::string error;       // of a run that failed
  std::string step;        // what a run is doing
  std::int64_t items = 0;  // listed so far
  std::int64_t bytes = 0;  // freed, or read
};

class RunRecorder;

// The runs of one kind, each carried out by a job. Thread-safe.
class StorageRuns {
 public:
  // `job` is the kind of its jobs, whose subject is the run's id; `name` is for
  // messages ("garbage collection").
  StorageRuns(Services& services, std::string job, std::string name)
      : services_(services), job_(std::move(job)), name_(std::move(name)) {}

  // The new run's id. Throws conflict while one is under way.
  std::int64_t start(const Json& payload, bool dry_run);
  // Is none under way, and did none begin for so long? Dry runs do not count.
  bool due(std::chrono::milliseconds every);
  // The job: `work` does it and writes down what it finds. A run that was cut
  // off begins anew under the same id; one that fails ends with its error.
  void carry_out(JobContext& job, const std::function<void(RunRecorder&)>& work);
  // False when there is no such run, or it is over.
  bool cancel(std::int64_t id);

  std::vector<StorageRun> list();  // newest first
  std::optional<StorageRun> find(std::int64_t id);
  // Items above number `after`, in the order in which they were found.
  std::vector<std::pair<std::int64_t, Collected>> items(std::int64_t id,
                                                        std::int64_t after,
                                                        std::size_t limit);
  const std::string& name() const { return name_; }

  static std::span<const Migration> migrations();

 private:
  void begin(std::int64_t id);
  void finish(std::int64_t id, std::string_view error);

  Services& services_;
  const std::string job_, name_;
};

// Throws when somebody cancelled the run, or the server stops.
void stop_if_asked(const JobContext& job);

// Writes down what one run finds, in batches. Used by one thread.
class RunRecorder {
 public:
  RunRecorder(Services& services, std::int64_t run)
      : services_(services), run_(run) {}

  void step(std::string_view text);
  void add(Collected item);
  void add_bytes(std::int64_t bytes) { bytes_ += bytes; }
  void flush();
  std::int64_t items() const { return number_; }
  std::int64_t bytes() const { return bytes_; }

 private:
  Services& services_;
  const std::int64_t run_;
  std::vector<Collected> waiting_;
  std::int64_t number_ = 0, bytes_ = 0;
};

// POST, GET, GET {id}, GET {id}/items and DELETE {id} below /api/v1/<path>;
// `start` reads a POST's body and starts a run.
std::vector<http::Route> storage_run_routes(
    StorageRuns& runs, const std::string& path,
    std::function<std::int64_t(http::Request&)> start);

}  // namespace skerry::boot
