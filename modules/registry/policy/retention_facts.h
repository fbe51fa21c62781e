// The facts that retention judges by, from the database.
#pragma once

#include <cstdint>
#include <vector>

#include "core/store/sqlite.h"
#include "policy/retention.h"
#include "pulls/pulls.h"
#include "registry/image_users.h"
#include "repositories.h"

namespace skerry::registry {

RepositoryFacts load_facts(Connection& db, Pulls& pulls, const Place& place,
                           std::int64_t repository,
                           const std::vector<ImageUse>& users);

// Whether a manifest or a tag that was to go is still as it was judged. Called
// in the transaction that removes it.
bool still_so(Connection& db, std::int64_t repository, const TagFact& tag);
// `tags` are those that go with it. False, too, while a manifest has it as a
// child.
bool still_so(Connection& db, std::int64_t repository,
              const ManifestFact& manifest, const std::vector<TagFact>& tags);

}  // namespace skerry::registry
