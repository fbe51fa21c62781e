// Runs scrubs (scrub.h) as durable jobs and remembers the faults found, until
// a later run does not find them any more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/boot/collector.h"
#include "core/boot/scrub.h"
#include "core/boot/storage_runs.h"

namespace skerry::boot {

inline constexpr const char* kScrubJob = "system.scrub";

// Thread-safe.
class Scrubber {
 public:
  // `collector` knows who keeps blobs.
  Scrubber(Services& services, Collector& collector)
      : services_(services),
        collector_(collector),
        runs_(services, kScrubJob, "scrub") {}

  // Reads at most so many bytes a second; 0: as fast as it goes. The run's id.
  // Throws conflict while one is under way.
  std::int64_t start(std::int64_t rate);
  // Starts one when the last is longer ago than storage.scrub_every.
  void start_when_due();
  // The job. A run that was cut off begins anew under the same id.
  void run(JobContext& job);

  StorageRuns& runs() { return runs_; }
  std::vector<http::Route> routes();
  // What was found, in a sentence; empty when nothing.
  std::string trouble();

  static std::span<const Migration> migrations();

 private:
  class Run;
  Services& services_;
  Collector& collector_;
  StorageRuns runs_;
};

}  // namespace skerry::boot
