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
// A link that is there already stays, but counts as new again.
void link_blob(Transaction& tx, std::int64_t repository,
               std::string_view digest, std::int64_t size, UnixMillis now);
// False when there was no link.
bool unlink_blob(Transaction& tx, std::int64_t repository,
                 std::string_view digest);
// A manifest of the repository that names the blob, if there is one.
std::optional<std::string> blob_user(Connection& db, std::int64_t repository,
                                     std::string_view digest);

// Repositories that have the blob, those of `project_id` first, at most
// `limit`, with its size.
struct BlobHolder {
  std::string project;
  std::string repository;
  std::int64_t size = 0;
};
std::vector<BlobHolder> blob_holders(Connection& db, std::string_view digest,
                                     std::int64_t project_id, int limit);

}  // namespace skerry::registry
