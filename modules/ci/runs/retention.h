// How long runs are kept: the newest ci.keep_runs of a repository, of those
// what buildDiscarder says for their branch. The last finished run of a branch
// goes only by the first rule.
#pragma once

#include <chrono>
#include <string_view>

#include "runs/context.h"
#include "runs/run_log.h"

namespace skerry::ci {

// Removes rows and logs; artifacts' blobs go with the next garbage collection.
void prune_runs(Context& context, std::string_view project,
                std::string_view repo);
void prune_all_runs(Context& context);

// For how long a failed run's workspace is kept; 0: not at all.
std::chrono::milliseconds keep_time(const Context& context);
// Of a run that has ended: keeps its workspaces if it failed, and says so in
// its log.
void keep_or_remove_workspaces(Context& context, const Run& run, Result result,
                               RunLog& log);
// Removes kept workspaces whose time is over.
void remove_old_workspaces(Context& context);

}  // namespace skerry::ci
