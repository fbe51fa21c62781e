// Revisions and commits as people name and read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "git/git.h"

namespace skerry::git {

// See GitModule::resolve.
std::optional<Oid> resolve(Context& context, const Repository& repository,
                           std::string_view revision);
CommitInfo read_commit(const ObjectReader& objects, const Oid& id);
// From `start` back, the newest first by commit time.
std::vector<CommitInfo> read_log(Context& context, const Repository& repository,
                                 const Oid& start, std::size_t limit);

}  // namespace skerry::git
