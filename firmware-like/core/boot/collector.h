// Runs garbage collections (collection.h) as durable jobs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/boot/module.h"
#include "core/boot/storage_runs.h"

namespace skerry::boot {

inline constexpr const char* kCollectionJob = "system.collection";

// Thread-safe.
class Collector {
 public:
  explicit Collector(Services& services)
      : services_(services),
        runs_(services, kCollectionJob, "garbage collection") {}

  // Before anything runs: who keeps blobs.
  void add(std::string module, BlobUse use);

  // Starts a run; its id. Throws conflict while one is under way.
  std::int64_t start(const CollectionOptions& options);
  // Starts one when the last is longer ago than storage.collect_every.
  void start_when_due();
  // The job. A run that was cut off begins anew under the same id.
  void run(JobContext& job);

  StorageRuns& runs() { return runs_; }
  std::vector<http::Route> routes();
  // Who needs the blob, of all modules, in words.
  std::optional<std::string> user_of(Connection& db, const Digest& digest) const;

  struct Use {
    std::string module;
    BlobUse use;
  };
  const std::vector<Use>& uses() const { return uses_; }

 private:
  class Run;
  Services& services_;
  StorageRuns runs_;
  std::vector<Use> uses_;
};

}  // namespace skerry::boot
