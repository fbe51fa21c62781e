// All blobs that are on their way. A blob is fetched once, however many clients
// want it; it is fetched to the end even when they have gone, because they come
// back.
#pragma once

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "blobs/blobs.h"
#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "policy/quota.h"
#include "upstream/download.h"
#include "upstream/upstreams.h"

namespace skerry::registry {

// Thread-safe.
class Downloads {
 public:
  Downloads(Services& services, Blobs& blobs, Quota& quota);
  // Breaks off what is under way.
  ~Downloads();

  // Removes what an earlier process left half done.
  void recover();

  // The download of this blob, begun now when nobody else did. Throws 429 when
  // there are too many (registry.upstream_downloads). `place` gets the blob.
  std::shared_ptr<Download> join(const Place& place, const Digest& digest,
                                 const Upstreams::Ref& upstream)
      EXCLUDES(mutex_);
  std::size_t count() const EXCLUDES(mutex_);

 private:
  struct Running {
    std::string key;
    std::shared_ptr<Download> download;
    bool over = false;
    std::jthread thread;
  };
  void run(Running& running, const Place& place, const Upstreams::Ref& upstream,
           const std::stop_token& stop);
  std::optional<Trouble> fetch(Download& download, const Place& place,
                               Upstream& upstream, const std::stop_token& stop);
  std::optional<Trouble> attempt(Download& download, const Place& place,
                                 Upstream& upstream,
                                 const std::stop_token& stop);
  std::optional<Trouble> keep(Download& download, const Place& place,
                              Upstream& upstream);
  void reap() REQUIRES(mutex_);

  Services& services_;
  Blobs& blobs_;
  Quota& quota_;
  const std::filesystem::path folder_;
  mutable Mutex mutex_;
  std::map<std::string, Running*> by_key_ GUARDED_BY(mutex_);
  std::list<Running> running_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
