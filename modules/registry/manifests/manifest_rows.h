// Manifest and tag rows. Functions that take a Connection read; those that
// take a Transaction change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"
#include "manifests/manifest_cache.h"
#include "repositories.h"

namespace skerry::registry {

struct ManifestRow {
  std::string digest;
  std::string media_type;
  std::int64_t size = 0;
  std::int64_t total_size = 0;
  std::int64_t depth = 0;
  std::optional<std::string> subject;
  std::string artifact_type;
  std::string annotations;
  UnixMillis pushed = 0;
};

// The manifest under a digest or under a tag, with its bytes.
std::optional<StoredManifest> load_by_digest(Connection& db, const Place& place,
                                             std::string_view digest);
std::optional<StoredManifest> load_by_tag(Connection& db, const Place& place,
                                          std::string_view tag);

// What an index must know of a child.
struct ChildFacts {
  std::int64_t total_size = 0;
  std::int64_t depth = 0;
};
std::optional<ChildFacts> find_child(Connection& db, std::int64_t repository,
                                     std::string_view digest);

// Adds or renews a manifest with its bytes and what it names.
void put_manifest(Transaction& tx, std::int64_t repository,
                  const ManifestRow& row, std::string_view bytes,
                  const std::vector<std::string>& references);
void put_tag(Transaction& tx, std::int64_t repository, std::string_view tag,
             std::string_view digest, UnixMillis now);
std::optional<std::string> tag_digest(Connection& db, std::int64_t repository,
                                      std::string_view tag);

// Names above `after` in byte order, at most `limit`.
std::vector<std::string> tag_names(Connection& db, std::int64_t repository,
                                   std::string_view after, std::size_t limit);

// Manifests whose subject is `subject`, with a digest above `after`; with an
// artifact type only those.
std::vector<ManifestRow> referrers(Connection& db, std::int64_t repository,
                                   std::string_view subject,
                                   std::string_view after, std::size_t limit,
                                   const std::optional<std::string>& type);

}  // namespace skerry::registry
