// Rows of upstream registries, and of what was taken from them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/sqlite.h"
#include "repositories.h"
#include "upstream/config.h"

namespace skerry::registry {

// Passwords come and go sealed: `password` is what lies in the database.
std::vector<UpstreamConfig> load_upstreams(Connection& db);
void put_upstream(Transaction& tx, const UpstreamConfig& config);
// False when the project had none.
bool remove_upstream(Transaction& tx, std::int64_t project_id);

// A repository of the project that was pushed to, not filled from an upstream.
std::optional<std::string> pushed_repository(Connection& db,
                                             std::int64_t project_id);
// All tags of the project count as not asked since long.
void forget_checks(Transaction& tx, std::int64_t project_id);

// The repository is filled from an upstream: what its manifests name may be
// absent, until somebody asks for it.
void mark_mirrored(Transaction& tx, std::int64_t repository);
bool is_mirrored(Connection& db, const Place& place);

// When the upstream was last asked for the tag, which is here.
std::optional<UnixMillis> tag_checked(Connection& db, const Place& place,
                                      std::string_view tag);
void mark_checked(Transaction& tx, std::int64_t repository,
                  std::string_view tag, UnixMillis now);

}  // namespace skerry::registry
