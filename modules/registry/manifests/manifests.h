// Manifests and tags of a repository, with the rules for storing one.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "manifests/manifest.h"
#include "manifests/manifest_cache.h"
#include "manifests/manifest_rows.h"
#include "manifests/platform.h"
#include "names.h"
#include "notify/notifier.h"
#include "policy/policies.h"
#include "policy/quota.h"
#include "repositories.h"

namespace skerry::registry {

// Thread-safe.
class Manifests {
 public:
  Manifests(Services& services, const Policies& policies, Quota& quota,
            Pulls& pulls, Notifier& notifier)
      : services_(services),
        policies_(policies),
        quota_(quota),
        pulls_(pulls),
        notifier_(notifier),
        platforms_(services.blobs) {}

  // Reads the settings; call after they are loaded.
  void configure();

  // Null when there is none.
  ManifestCache::Entry find(const Place& place, const Reference& reference);

  struct Push {
    std::string content_type;
    std::string_view bytes;
    std::vector<std::string> tags;   // valid ones
    std::optional<Digest> expected;  // what the client said they hash to
    http::Identity who;
    // Set for what came from an upstream registry: what the manifest names
    // may be absent, nobody has pushed. Called in the transaction.
    std::function<void(Transaction&, std::int64_t repository)> mirrored{};
    Origin origin{};  // the request, for webhooks
  };
  struct Pushed {
    Digest digest;
    std::optional<Digest> subject;
  };
  // Checks the manifest and that what it names is in the repository, stores
  // it, moves the tags and appends ImagePushed (ImageMirrored) for each, in one
  // transaction.
  Pushed put(const Place& place, const Push& push);

  // Throws NAME_UNKNOWN for a repository that was never pushed to.
  std::vector<std::string> tags(const Place& place, std::string_view after,
                                std::size_t limit);

  // Forgets what is kept in memory: of some tags and digests, or of all.
  void forget(const Place& place, const std::vector<std::string>& references);
  void forget() { cache_.clear(); }

 private:
  // What a manifest may name without that the repository has it.
  struct Absent {
    bool blobs = false;
    bool manifests = false;
  };
  Absent may_be_absent(const Push& push) const;
  ManifestRow check(Transaction& tx, std::int64_t repository,
                    const Manifest& manifest, const Digest& digest,
                    std::size_t size, Absent absent) const;
  void put_tags(Transaction& tx, std::int64_t repository, const Place& place,
                const Push& push, const std::string& digest);
  void forget_after(Transaction& tx, const Place& place,
                    std::vector<std::string> references);

  Services& services_;
  const Policies& policies_;
  Quota& quota_;
  Pulls& pulls_;
  Notifier& notifier_;
  Platforms platforms_;
  ManifestCache cache_;
};

}  // namespace skerry::registry
