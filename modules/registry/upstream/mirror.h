// Manifests of a project that stands in front of an upstream registry: from
// here while they are fresh, from there otherwise, from here again when there
// nobody answers.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "manifests/deletions.h"
#include "manifests/manifests.h"
#include "upstream/keyed_locks.h"
#include "upstream/upstream.h"

namespace skerry::registry {

// Thread-safe.
class Mirror {
 public:
  Mirror(Services& services, Manifests& manifests, Deletions& deletions)
      : services_(services), manifests_(manifests), deletions_(deletions) {}

  struct Found {
    ManifestCache::Entry manifest;  // null: neither here nor there
    std::string warning;  // why it may be out of date; mostly empty
  };
  // `place` is canonical. A digest that is here is never asked for again; a
  // tag when its time to live is over, and then by HEAD: only one that has
  // moved is fetched. Requests for the same thing at the same time ask once.
  // Throws ProtocolError when the upstream gives no answer and nothing is here.
  Found manifest(const Place& place, const Reference& reference,
                 Upstream& upstream);

 private:
  bool is_fresh(const Place& place, const std::string& tag,
                const Upstream& upstream);
  Found renew(const Place& place, const std::string& tag, Upstream& upstream,
              ManifestCache::Entry stored);
  Found fetch(const Place& place, const Reference& reference,
              Upstream& upstream, ManifestCache::Entry stored);
  Found without_upstream(const Trouble& trouble, const Upstream& upstream,
                         ManifestCache::Entry stored) const;
  Found deleted(const Place& place, const std::string& tag,
                const Upstream& upstream, ManifestCache::Entry stored);
  std::optional<Trouble> keep(const Place& place, const Reference& reference,
                              const Upstream& upstream,
                              const http::ClientResponse& response);
  void mark(const Place& place, const std::string& tag);
  void store(const Place& place, const Reference& reference,
             const http::ClientResponse& response);
  bool known_absent(const std::string& key) EXCLUDES(mutex_);
  void remember_absent(const std::string& key) EXCLUDES(mutex_);

  Services& services_;
  Manifests& manifests_;
  Deletions& deletions_;
  KeyedLocks locks_;
  Mutex mutex_;
  // Until when a reference counts as absent: many clients that ask for
  // something that is not there are one request for the upstream.
  std::map<std::string, UnixMillis> absent_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
