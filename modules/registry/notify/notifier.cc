#include "notify/notifier.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "notify/sender.h"

namespace skerry::registry {
namespace {

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string address_of(const Notice& notice, const char* kind) {
  const auto& target = notice.target;
  return notice.origin.base_url.empty()
             ? ""
             : fmt::format("{}/v2/{}/{}/{}", notice.origin.base_url,
                           target.repository, kind, target.digest);
}

}  // namespace

Notifier::Notifier(Services& services, std::function<std::string()> base_url)
    : services_(services),
      base_url_(std::move(base_url)),
      host_(host_name()),
      instance_(make_uuid()),
      webhooks_(services.db, services.paths.keys / "secret.key") {}

void Notifier::start() {
  webhooks_.load();
  const auto list = webhooks_.all();
  for (const auto& webhook : *list) {
    const auto waiting = services_.db.read(
        [&](Connection& db) { return first_waiting(db, webhook->id); });
    if (waiting) with_courier(webhook->id, [](Courier& one) { one.wake(); });
  }
}

Notifier::List Notifier::hearing(const Place& place, std::string_view action,
                                 bool of_blob) const {
  List some;
  const auto list = webhooks_.all();
  for (const auto& webhook : *list) {
    if (webhook->project_id.value_or(place.project_id) == place.project_id &&
        webhook->hears(action, of_blob)) {
      some.push_back(webhook);
    }
  }
  return some;
}

Notice Notifier::make(const char* action, const Place& place,
                      const http::Identity& who, const Origin& origin) const {
  Notice notice;
  notice.id = make_uuid();
  notice.time = services_.clock.now();
  notice.action = action;
  notice.target.repository = place.full_name();
  notice.origin = origin;
  if (notice.origin.id.empty()) notice.origin.id = make_uuid();
  if (notice.origin.method.empty()) {
    notice.origin.user_agent = "skerry";
    if (base_url_) notice.origin.base_url = base_url_();
  }
  if (!who.anonymous()) notice.actor = who.name;
  notice.source = origin.port == 0 ? host_
                                   : fmt::format("{}:{}", host_, origin.port);
  notice.instance = instance_;
  return notice;
}

void Notifier::append(Transaction& tx, const List& hearing,
                      const Place& place, const Notice& notice) {
  const auto most = services_.settings.integer("registry.webhook_backlog");
  for (const auto& webhook : hearing) {
    if (webhook->wants(notice, place.repository) &&
        queue_event(tx, webhook->id, notice.time,
                    to_text(notice, webhook->include_references), most)) {
      tx.after_commit([this, id = webhook->id] {
        with_courier(id, [](Courier& one) { one.wake(); });
      });
    }
  }
}

void Notifier::offer(const List& hearing, const Place& place,
                     const Notice& notice) {
  for (const auto& webhook : hearing) {
    if (!webhook->wants(notice, place.repository)) continue;
    auto text = to_text(notice, webhook->include_references);
    with_courier(webhook->id, [&](Courier& one) {
      one.offer(notice.time, std::move(text));
    });
  }
}

void Notifier::describe(Notice& notice, const List& hearing,
                        std::string_view digest, std::string_view media_type,
                        std::string_view bytes) const {
  notice.target.media_type = media_type;
  notice.target.size = static_cast<std::int64_t>(bytes.size());
  notice.target.digest = digest;
  notice.target.url = address_of(notice, "manifests");
  if (std::any_of(hearing.begin(), hearing.end(), [](const auto& webhook) {
        return webhook->include_references;
      })) {
    notice.target.references = references_text(bytes);
  }
}

void Notifier::pushed(Transaction& tx, const Place& place,
                      const Pushed& manifest, const http::Identity& who,
                      const Origin& origin) {
  const auto list = hearing(place, "push");
  if (list.empty()) return;
  auto notice = make("push", place, who, origin);
  describe(notice, list, manifest.digest, manifest.media_type, manifest.bytes);
  if (manifest.tags.empty()) append(tx, list, place, notice);
  for (const auto& tag : manifest.tags) {
    notice.id = make_uuid();
    notice.target.tag = tag;
    append(tx, list, place, notice);
  }
}

// As distribution does: the digest alone, then each tag alone.
void Notifier::deleted(Transaction& tx, const DeletedRow& row,
                       const http::Identity& who, const Origin& origin) {
  const auto list = hearing(row.place, "delete");
  if (list.empty()) return;
  auto notice = make("delete", row.place, who, origin);
  if (row.tag) {
    notice.target.tag = *row.tag;
  } else {
    notice.target.digest = row.digest;
  }
  append(tx, list, row.place, notice);
  notice.target.digest.clear();
  for (const auto& [tag, pushed] : row.tags) {
    notice.id = make_uuid();
    notice.target.tag = tag;
    append(tx, list, row.place, notice);
  }
}

void Notifier::pulled(const Place& place, const StoredManifest& manifest,
                      std::string_view tag, const http::Request& request) {
  const auto list = hearing(place, "pull");
  if (list.empty()) return;
  auto notice = make("pull", place, request.identity, origin_of(request));
  describe(notice, list, manifest.digest, manifest.media_type, manifest.bytes);
  notice.target.tag = tag;
  offer(list, place, notice);
}

void Notifier::blob(const char* action, const Place& place,
                    const Digest& digest, const http::Request& request,
                    const std::function<std::int64_t()>& size,
                    std::string_view from) {
  const auto list = hearing(place, action, true);
  if (list.empty()) return;
  auto notice = make(action, place, request.identity, origin_of(request));
  notice.of_blob = true;
  notice.target.digest = digest.to_string();
  notice.target.from_repository = from;
  if (size) {
    notice.target.media_type = "application/octet-stream";
    notice.target.size = size();
    notice.target.url = address_of(notice, "blobs");
  }
  offer(list, place, notice);
}

void Notifier::with_courier(std::int64_t webhook,
                            const std::function<void(Courier&)>& body) {
  MutexLock lock(mutex_);
  auto& courier = couriers_[webhook];
  if (!courier) {
    courier = std::make_unique<Courier>(services_, webhooks_, webhook);
  }
  body(*courier);
}

void Notifier::changed(std::int64_t webhook) {
  if (webhooks_.find(webhook)) {
    with_courier(webhook, [](Courier& one) { one.retry(); });
    return;
  }
  // Its thread may be in a delivery: wait for it without the mutex.
  std::unique_ptr<Courier> gone;
  MutexLock lock(mutex_);
  const auto it = couriers_.find(webhook);
  if (it == couriers_.end()) return;
  gone = std::move(it->second);
  couriers_.erase(it);
}

Notifier::Waits Notifier::waits(std::int64_t webhook) {
  MutexLock lock(mutex_);
  const auto it = couriers_.find(webhook);
  if (it == couriers_.end()) return {};
  return {it->second->passing(), it->second->next_try()};
}

Delivery Notifier::test(const Webhook& webhook, std::string_view project,
                        const http::Request& request) {
  const Place place{0, std::string(project), "test"};
  auto notice = make("test", place, request.identity, origin_of(request));
  auto delivery = send_event(services_, webhook, to_text(notice, false),
                             request.stop);
  services_.db.write([&](Transaction& tx) {
    record_delivery(tx, webhook.id, delivery);
  });
  if (delivery.error.empty()) changed(webhook.id);
  return delivery;
}

}  // namespace skerry::registry
