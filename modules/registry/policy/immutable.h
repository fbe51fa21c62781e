// Tags that a policy makes immutable: they stay, and so does all that their
// manifest consists of. Each function throws DENIED (403), which makes clients
// stop and show the message, naming the tag and the rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/store/sqlite.h"
#include "names.h"
#include "policy/policy.h"
#include "repositories.h"

namespace skerry::registry {

// The tag is about to name `digest`; the one that it names already is fine.
void require_movable(Connection& db, const Policy& policy, const Place& place,
                     std::int64_t repository, std::string_view tag,
                     std::string_view digest);
// The tag, or the manifest with its tags, is about to go.
void require_removable(Connection& db, const Policy& policy,
                       const Place& place, std::int64_t repository,
                       const Reference& reference);
// The whole repository is about to go. Throws denied.
void require_removable(Connection& db, const Policy& policy,
                       const Place& place, std::int64_t repository);

// An immutable tag of the manifest, or of an index that it is a part of.
std::optional<std::string> immutable_tag_over(Connection& db,
                                              const Policy& policy,
                                              const Place& place,
                                              std::int64_t repository,
                                              std::string_view digest);

}  // namespace skerry::registry
