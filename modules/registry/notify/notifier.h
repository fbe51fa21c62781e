// Tells webhooks what happens to images. What it costs a push without a webhook
// that wants to know is a look at a list in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/boot/module.h"
#include "core/os/mutex.h"
#include "manifests/deleted_rows.h"
#include "manifests/manifest_cache.h"
#include "notify/courier.h"
#include "notify/webhooks.h"
#include "repositories.h"

namespace skerry::registry {

// Thread-safe.
class Notifier {
 public:
  // `base_url` gives the server's address for what it does by itself; it may
  // be unset.
  Notifier(Services& services, std::function<std::string()> base_url);

  // Reads the webhooks and goes on with what waits.
  void start();

  struct Pushed {
    std::string_view digest;
    std::string_view media_type;
    std::string_view bytes;
    const std::vector<std::string>& tags;  // none: by digest
  };
  // In the transaction that does it.
  void pushed(Transaction& tx, const Place& place, const Pushed& manifest,
              const http::Identity& who, const Origin& origin);
  void deleted(Transaction& tx, const DeletedRow& row,
               const http::Identity& who, const Origin& origin);
  // A manifest was read under a tag or, without it, under its digest.
  void pulled(const Place& place, const StoredManifest& manifest,
              std::string_view tag, const http::Request& request);
  // `action` happened to a blob; `from` is where a mount took it.
  void blob(const char* action, const Place& place, const Digest& digest,
            const http::Request& request,
            const std::function<std::int64_t()>& size,
            std::string_view from = {});

  Webhooks& webhooks() { return webhooks_; }
  // After a webhook was changed or removed, outside of a transaction.
  void changed(std::int64_t webhook) EXCLUDES(mutex_);

  struct Waits {
    std::int64_t passing = 0;
    std::optional<UnixMillis> next_try;
  };
  Waits waits(std::int64_t webhook) EXCLUDES(mutex_);
  // Delivers an event of action "test" and repository "<project>/test", now,
  // and records it.
  Delivery test(const Webhook& webhook, std::string_view project,
                const http::Request& request);

 private:
  using List = Webhooks::List;
  // The webhooks that hear of such events in this project.
  List hearing(const Place& place, std::string_view action,
               bool of_blob = false) const;
  void describe(Notice& notice, const List& hearing, std::string_view digest,
                std::string_view media_type, std::string_view bytes) const;
  Notice make(const char* action, const Place& place,
              const http::Identity& who, const Origin& origin) const;
  void append(Transaction& tx, const List& hearing, const Place& place,
              const Notice& notice);
  void offer(const List& hearing, const Place& place, const Notice& notice);
  void with_courier(std::int64_t webhook,
                    const std::function<void(Courier&)>& body)
      EXCLUDES(mutex_);

  Services& services_;
  const std::function<std::string()> base_url_;
  const std::string host_;
  const std::string instance_;
  Webhooks webhooks_;
  mutable Mutex mutex_;
  std::map<std::int64_t, std::unique_ptr<Courier>> couriers_
      GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
