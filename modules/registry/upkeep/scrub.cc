#include "upkeep/scrub.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace skerry::registry {
namespace {

constexpr std::size_t kBatch = 256;

// Digests of a table above `after`, in order.
std::vector<std::string> digests_after(Connection& db, std::string_view sql,
                                       const std::string& after) {
  auto row = db.query(sql, after, kBatch);
  std::vector<std::string> found;
  while (row.next()) found.push_back(row.text(0));
  return found;
}

// The repositories that have the blob or manifest, a few of them.
std::string users_of(Connection& db, const std::string& digest) {
  auto row = db.query(
      "select r.project || '/' || r.name from registry_repository r "
      "where r.id in (select repository_id from registry_blob "
      " where digest = ?1 union select repository_id from registry_manifest "
      " where digest = ?1) limit 3",
      digest);
  std::string users;
  while (row.next()) users += (users.empty() ? "" : ", ") + row.text(0);
  return users;
}

class ImageScrub {
 public:
  ImageScrub(Parts& parts, Scrub& scrub)
      : services_(parts.services), scrub_(scrub) {}

  void blobs() {
    each("select distinct digest from registry_blob where digest > ? "
         "order by digest limit ?",
         [&](const std::string& digest) {
           if (services_.blobs.size(*Digest::parse(digest))) return;
           report("missing blob", digest,
                  "it is not in the store: push it again");
         });
  }

  void manifests() {
    each("select digest from registry_content where digest > ? "
         "order by digest limit ?",
         [&](const std::string& digest) {
           const auto parsed = *Digest::parse(digest);
           const auto bytes = services_.db.read([&](Connection& db) {
             auto row = db.query(
                 "select bytes from registry_content where digest = ?", digest);
             return row.next() ? row.optional_text(0) : std::nullopt;
           });
           if (!bytes || digest_of(*bytes, parsed.algorithm) == parsed) return;
           report("damaged manifest", digest,
                  "its bytes are not those of its digest");
         });
  }

 private:
  template <typename F>
  void each(std::string_view sql, F&& visit) {
    std::string last;
    while (!scrub_.stopping()) {
      const auto digests = services_.db.read(
          [&](Connection& db) { return digests_after(db, sql, last); });
      if (digests.empty()) return;
      last = digests.back();
      for (const auto& digest : digests) visit(digest);
    }
  }

  void report(std::string kind, const std::string& digest,
              std::string_view what) {
    const auto users = services_.db.read(
        [&](Connection& db) { return users_of(db, digest); });
    if (users.empty()) return;  // it went meanwhile
    scrub_.fault({std::move(kind), digest,
                  fmt::format("{}; needed by image {}", what, users)});
  }

  Services& services_;
  Scrub& scrub_;
};

}  // namespace

void scrub_images(Parts& parts, Scrub& scrub) {
  ImageScrub images(parts, scrub);
  images.blobs();
  images.manifests();
}

}  // namespace skerry::registry
