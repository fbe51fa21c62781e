// Deleted manifests and tags. They are gone for every client, but can be
// brought back until they are purged: till then a manifest's bytes, what it
// names and so its blobs stay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"
#include "repositories.h"

namespace skerry::registry {

struct DeletedRow {
  std::int64_t id = 0;
  Place place;
  std::int64_t repository = 0;
  std::string digest;
  std::optional<std::string> tag;  // nothing: the manifest itself
  // Those that went with a manifest, with the times of their pushes.
  std::vector<std::pair<std::string, UnixMillis>> tags;
  std::int64_t total_size = 0;  // 0 for a tag
  UnixMillis pushed = 0;
  UnixMillis deleted = 0;
  std::string actor;
};

// Both move what they take to the deleted ones and give its row; nothing when
// there is none.
std::optional<DeletedRow> delete_manifest(Transaction& tx,
                                          std::int64_t repository,
                                          std::string_view digest,
                                          std::string_view actor,
                                          UnixMillis now);
std::optional<DeletedRow> delete_tag(Transaction& tx, std::int64_t repository,
                                     std::string_view tag,
                                     std::string_view actor, UnixMillis now);

// Newest first, `below` an id; of one project, or one repository of it.
std::vector<DeletedRow> list_deleted(Connection& db, std::int64_t project_id,
                                     std::optional<std::string_view> repository,
                                     std::int64_t below, std::size_t limit);
std::optional<DeletedRow> find_deleted(Connection& db, std::int64_t id);
// Those deleted at or before a time, with an id above `after`, oldest first.
std::vector<DeletedRow> deleted_until(Connection& db, UnixMillis time,
                                      std::int64_t after, std::size_t limit);

// Is everything that the repository held deleted?
bool only_deleted(Connection& db, std::int64_t repository);
// What a deleted manifest names and the repository has no more; nothing when
// it can come back.
std::optional<std::string> missing_reference(Connection& db,
                                             const DeletedRow& row);
// Brings a manifest back, without its tags.
void restore_manifest(Transaction& tx, const DeletedRow& row);
// A manifest that is pushed again is not deleted any more.
void forget_deleted_manifest(Transaction& tx, std::int64_t repository,
                             std::string_view digest);
// The blobs that the manifest names count as new for the garbage collection.
void renew_blobs(Transaction& tx, const DeletedRow& row, UnixMillis now);
// For good. `row` may be that of a restored tag, too.
void purge_deleted(Transaction& tx, const DeletedRow& row);

}  // namespace skerry::registry
