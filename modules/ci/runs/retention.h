// How long runs are kept: the newest ci.keep_runs of a repository, of those
// what buildDiscarder says for their branch. The last finished run of a branch
// goes only by the first rule.
#pragma once

#include <string_view>

#include "runs/context.h"

namespace skerry::ci {

// Removes rows and logs; artifacts' blobs go with the next garbage collection.
void prune_runs(Context& context, std::string_view project,
                std::string_view repo);
void prune_all_runs(Context& context);

}  // namespace skerry::ci
