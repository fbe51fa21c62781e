#include "upkeep/collection.h"

#include <fmt/format.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "blobs/blob_rows.h"
#include "repositories.h"
#include "upkeep/pace.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kBatch = 200;

class LinkCollector {
 public:
  LinkCollector(Parts& parts, Collection& collection)
      : services_(parts.services),
        collection_(collection),
        now_(services_.clock.now()),
        grace_(collection.age(
            services_.settings.duration("registry.blob_grace"))) {}

  void run() {
    StaleLink last;
    while (!collection_.stopping()) {
      const auto links = services_.db.read([&](Connection& db) {
        return stale_links(db, until(), purged_until(), last, pace_.batch());
      });
      if (links.empty()) break;
      last = links.back();
      collection_.dry_run() ? count(links) : remove(links);
    }
    for (const auto& [digest, links] : gone_) released(digest, links);
  }

 private:
  UnixMillis until() const { return now_ - grace_.count(); }
  // A dry run sees deleted manifests that a real one would have purged by now,
  // without renewing what they name (Deletions::purge_rows).
  UnixMillis purged_until() const {
    if (!collection_.dry_run()) return -1;
    const auto window =
        collection_.age(services_.settings.duration("registry.undo_window"));
    const auto renewed = services_.settings.duration("registry.blob_grace");
    return now_ -
           (grace_.count() == 0 ? window : std::max(window, renewed)).count();
  }

  void remove(const std::vector<StaleLink>& links) {
    std::vector<const StaleLink*> removed;
    services_.db.write([&](Transaction& tx) {
      removed.clear();
      pace_.step([&] {
        for (const auto& link : links) {
          if (unlink_stale(tx, link, until())) removed.push_back(&link);
        }
      });
    });
    for (const auto* link : removed) report(*link);
  }

  void count(const std::vector<StaleLink>& links) {
    for (const auto& link : links) {
      ++gone_[link.digest];
      report(link);
    }
  }

  void report(const StaleLink& link) {
    collection_.report({"link",
                        fmt::format("{}@{}", link.name, link.digest),
                        "no manifest of the repository names it"});
  }

  // A blob of which this many links would go.
  void released(const std::string& digest, std::int64_t links) {
    const auto all = services_.db.read(
        [&](Connection& db) { return count_links(db, digest); });
    if (all <= links) collection_.released(*Digest::parse(digest));
  }

  Services& services_;
  Collection& collection_;
  const UnixMillis now_;
  const std::chrono::milliseconds grace_;
  Pace pace_;
  std::unordered_map<std::string, std::int64_t> gone_;  // in a dry run
};

void collect_uploads(Parts& parts, Collection& collection) {
  const auto age = collection.age(
      parts.services.settings.duration("registry.upload_expiry"));
  // An upload that goes on must not be lost because somebody is in a hurry.
  constexpr std::chrono::milliseconds kLeast = std::chrono::minutes(1);
  for (const auto& upload :
       parts.uploads.remove_stale(std::max(age, kLeast),
                                  collection.dry_run())) {
    collection.report({"upload", upload.name,
                       "nobody has continued it for too long",
                       static_cast<std::int64_t>(upload.size)});
  }
}

void collect_repositories(Parts& parts, Collection& collection) {
  auto& services = parts.services;
  const auto grace = collection.age(
      services.settings.duration("registry.blob_grace"));
  const auto until = services.clock.now() - grace.count();
  std::int64_t after = 0;
  while (!collection.stopping()) {
    const auto empty = services.db.read([&](Connection& db) {
      return empty_repositories(db, until, after, kBatch);
    });
    if (empty.empty()) return;
    after = empty.back().id;
    if (!collection.dry_run()) {
      services.db.write([&](Transaction& tx) {
        for (const auto& one : empty) remove_if_empty(tx, one.id, until);
      });
    }
    for (const auto& one : empty) {
      collection.report({"repository", one.name, "there is nothing in it"});
    }
  }
}

}  // namespace

void collect_garbage(Parts& parts, Collection& collection) {
  collect_uploads(parts, collection);
  parts.deletions.collect(collection);
  LinkCollector(parts, collection).run();
  collect_repositories(parts, collection);
}

}  // namespace skerry::registry
