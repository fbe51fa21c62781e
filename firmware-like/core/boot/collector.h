// Runs garbage collections as a durable job and keeps what they did.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/boot/module.h"

namespace skerry::boot {

inline constexpr const char* kCollectionJob = "system.collection";

struct CollectionRecord {
  std::int64_t id = 0;
  bool dry_run = false;
  UnixMillis started = 0;
  std::optional<UnixMillis> finished;
  std::string error;       // of a run that failed
  std::string step;        // what a run is doing
  std::int64_t items = 0;  // listed so far
  std::int64_t freed_bytes = 0;
};

// Thread-safe.
class Collector {
 public:
  explicit Collector(Services& services) : services_(services) {}

  // Before anything runs: who keeps blobs.
  void add(std::string module, BlobUse use);

  // Starts a run; its id. Throws conflict while one is under way.
  std::int64_t start(const CollectionOptions& options);
  // Starts one when the last is longer ago than storage.collect_every.
  void start_when_due();
  // The job. A run that was cut off begins anew under the same id.
  void run(JobContext& job);

  // False when there is no such run, or it is over.
  bool cancel(std::int64_t id);

  // Newest first.
  std::vector<CollectionRecord> list();
  std::optional<CollectionRecord> find(std::int64_t id);
  // Items above number `after`, in the order in which they were found.
  std::vector<std::pair<std::int64_t, Collected>> items(std::int64_t id,
                                                        std::int64_t after,
                                                        std::size_t limit);
  // Who needs the blob, of all modules.
  std::optional<std::string> user_of(Connection& db, const Digest& digest) const;

  static std::span<const Migration> migrations();

 private:
  class Run;
  struct Use {
    std::string module;
    BlobUse use;
  };
  static void forget_old(Transaction& tx);
  void finish(std::int64_t id, std::string_view error);

  Services& services_;
  std::vector<Use> uses_;
};

std::vector<http::Route> collection_routes(Collector& collector,
                                           Services& services);

}  // namespace skerry::boot
