// Which blobs may be read through which repository.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"
#include "repositories.h"

namespace skerry::registry {

// The size in bytes when the repository has the blob.
std::optional<std::int64_t> find_blob(Connection& db, const Place& place,
                                      std::string_view digest);
std::optional<std::int64_t> find_blob(Connection& db, std::int64_t repository,
                                      std::string_view digest);
struct BlobLink {
  std::int64_t size = 0;
  // No manifest names the blob, but for deleted ones, and the link has not
  // been renewed since `young`: a client that hears of it must find it renewed.
  bool fading = false;
};
std::optional<BlobLink> find_link(Connection& db, const Place& place,
                                  std::string_view digest, UnixMillis young);
// Counts as new again; nothing when there is no such link.
void renew_link(Transaction& tx, const Place& place, std::string_view digest,
                UnixMillis now);
// A link that is there already stays, but counts as new again.
void link_blob(Transaction& tx, std::int64_t repository,
               std::string_view digest, std::int64_t size, UnixMillis now);
// False when there was no link.
bool unlink_blob(Transaction& tx, std::int64_t repository,
                 std::string_view digest);
// A manifest of the repository that names the blob, if there is one; deleted
// ones do not count.
std::optional<std::string> blob_user(Connection& db, std::int64_t repository,
                                     std::string_view digest);

// Repositories that have the blob, those of `project_id` first, at most
// `limit`.
std::vector<Place> blob_holders(Connection& db, std::string_view digest,
                                     std::int64_t project_id, int limit);

// Links of which no manifest, deleted ones included, has need, and which were
// last renewed at or before `until`: at most `limit` after `last`. What only
// manifests name that were deleted until `purged_until` counts as unneeded.
struct StaleLink {
  std::int64_t repository = 0;
  std::string digest;
  std::string name;  // of the repository, in full
};
std::vector<StaleLink> stale_links(Connection& db, UnixMillis until,
                                   UnixMillis purged_until,
                                   const StaleLink& last, std::size_t limit);
// False when it is needed or was renewed meanwhile.
bool unlink_stale(Transaction& tx, const StaleLink& link, UnixMillis until);
std::int64_t count_links(Connection& db, std::string_view digest);

// Does any repository have the blob? A name of one.
std::optional<std::string> blob_keeper(Connection& db, std::string_view digest);

}  // namespace skerry::registry
