#include "upstream/late_platforms.h"

#include <string>
#include <vector>

#include "core/error.h"
#include "manifests/manifest.h"
#include "manifests/platform.h"

namespace skerry::registry {
namespace {

// Images that share a configuration, indexes that share an image.
constexpr int kMostParents = 32;

struct Parent {
  std::string digest;
  Manifest manifest;
};

std::vector<Parent> parents_of(Connection& db, std::int64_t repository,
                               const std::string& child) {
  auto row = db.query(
      "select m.digest, m.media_type, c.bytes from registry_reference f "
      "join registry_manifest m on m.repository_id = f.repository_id "
      "and m.digest = f.parent "
      "join registry_content c on c.digest = m.digest "
      "where f.repository_id = ? and f.child = ? limit ?",
      repository, child, kMostParents);
  std::vector<Parent> found;
  while (row.next()) {
    found.push_back({row.text(0), parse_manifest(row.text(2), row.text(1))});
  }
  return found;
}

bool is_config_of(const Parent& image, const std::string& digest) {
  const auto& blobs = image.manifest.blobs;
  return !blobs.empty() && blobs.front().digest.to_string() == digest;
}

}  // namespace

void learn_platforms(Services& services, const Place& place,
                     const Digest& blob) {
  const auto config = blob.to_string();
  const auto repository = services.db.read(
      [&](Connection& db) { return find_repository(db, place); });
  if (!repository) return;
  const auto images = services.db.read(
      [&](Connection& db) { return parents_of(db, *repository, config); });
  for (const auto& image : images) {
    if (!is_config_of(image, config)) continue;
    const auto platform =
        platform_of(services.blobs.read(blob, kLargestConfig));
    if (platform.empty()) return;
    services.db.write([&](Transaction& tx) {
      put_platforms(tx, *repository, image.digest, image.manifest, platform);
      for (const auto& index :
           parents_of(tx.connection(), *repository, image.digest)) {
        put_platforms(tx, *repository, index.digest, index.manifest, "");
      }
    });
  }
}

}  // namespace skerry::registry
