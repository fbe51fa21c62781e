// Blobs in an S3-compatible store, which several servers may share (sharing.h).
//
// What this server has there is written down in its database, so that only
// bytes are asked of the store. Uploads are gathered in local files and sent
// when they are whole; what is read lies in a local cache meanwhile (cache.h).
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/os/mutex.h"
#include "core/s3/arrivals.h"
#include "core/s3/cache.h"
#include "core/s3/client.h"
#include "core/s3/index.h"
#include "core/s3/keys.h"
#include "core/s3/sharing.h"
#include "core/s3/upload.h"
#include "core/store/blob_store.h"

namespace skerry::s3 {

struct Options {
  Place place;
  std::string prefix;            // without slashes at its ends
  std::filesystem::path folder;  // the cache
  std::uint64_t cache_bytes = 1u << 30;
  PartSizes parts{};
  bool redirect = false;  // clients fetch from the store themselves
};

// Thread-safe.
class S3BlobStore : public BlobStore {
 public:
  // Asks the store whether it lets us in, takes up this server's id, and mends
  // what a crash or an old backup of the database has left. Throws unavailable
  // with the store's own words, conflict when the database speaks of blobs in
  // another place.
  S3BlobStore(Options options, Database& db, http::Client& http,
              const Clock& clock, Traffic traffic);
  ~S3BlobStore() override;

  std::optional<std::uint64_t> size(const Digest& digest) const override;
  Fd open(const Digest& digest) const override;
  Fd open_near(const Digest& digest) const override;
  void stream(const Digest& digest, std::uint64_t offset, std::uint64_t size,
              const Sink& sink) const override;
  std::optional<std::string> direct_url(
      const Digest& digest, std::chrono::seconds lifetime) const override;
  std::string read(const Digest& digest, std::uint64_t limit) const override;
  std::unique_ptr<BlobWriter> create(DigestAlgorithm algorithm) override;
  void adopt(const std::filesystem::path& file, const Digest& digest) override;
  bool remove(const Digest& digest) override;
  void remove_all(std::span<const Digest> blobs) override;
  void each(const std::function<void(const Digest&, std::uint64_t,
                                     std::int64_t)>& visit) const override;
  bool verify(const Digest& digest,
              const std::function<void(std::uint64_t)>& step) const override;
  void set_aside(const Digest& digest) override;

  // Stores a copy of an open file. The caller holds the digest.
  void keep(const Fd& file, const Digest& digest);
  // Makes markers and rows agree (sharing.h): a marker without a row gets one,
  // so that the collection finds it; a row without a marker gets one, or goes
  // when the data has gone. Ends early when asked to stop.
  void reconcile(const std::stop_token& stop = {});
  // Why the store cannot be used; empty: it can. Asked at most every 10 s.
  std::string trouble() const EXCLUDES(trouble_mutex_);
  std::uint64_t cached_bytes() const { return cache_.bytes(); }

 private:
  void enter();
  std::uint64_t require(const Digest& digest) const;
  void stream_from_store(const Digest& digest, std::uint64_t offset,
                         std::uint64_t size, const Sink& sink) const;
  std::uint64_t follow(Arrivals::Arrival& arrival, std::uint64_t offset,
                       std::uint64_t size, const Sink& sink) const;
  void drop_lost(const Digest& digest) const;
  class Reconciliation;

  const Options options_;
  const Clock& clock_;
  mutable Index index_;
  mutable Client client_;
  const Keys keys_;
  mutable Cache cache_;
  mutable Arrivals arrivals_;
  std::string life_;
  mutable std::optional<Sharing> sharing_;  // set by enter()

  mutable Mutex trouble_mutex_;
  mutable std::string trouble_ GUARDED_BY(trouble_mutex_);
  mutable std::chrono::steady_clock::time_point asked_
      GUARDED_BY(trouble_mutex_){};
};

}  // namespace skerry::s3
