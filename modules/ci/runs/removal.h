// What goes when a repository or a project goes.
#pragma once

#include <string_view>

#include "runs/context.h"

namespace skerry::ci {

// Both are part of the transaction that deletes it. Runs that go on are asked
// to stop; their folders go after the commit, or at the next sweep.

// Its runs with their logs and results, and where its pipeline stands. The
// count of its runs stays: a repository made anew under the name goes on
// counting, so that what its runs publish never meets what the old ones did.
void forget_repository(Context& context, Transaction& tx,
                       std::string_view project, std::string_view repo);
// Credentials, defaults and settings, and what its repositories have left.
void forget_project(Context& context, Transaction& tx,
                    std::string_view project);

// Runs of a project that are carried out at this moment, deleted ones too.
std::int64_t count_live_runs(Context& context, std::string_view project);

// Removes folders of runs that the database does not know: a crash came between
// a deletion and its folders.
void sweep_run_folders(Context& context);

}  // namespace skerry::ci
