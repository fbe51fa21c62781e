// Keeping the number of packs small. Every push leaves a pack; when there are
// many, the small ones are copied into one, entry by entry. Packs that are
// large beside the rest together stay as they are, so each byte is copied only
// about log2(size) times in its life.
//
// The old packs get a marker "<pack>.replaced" (its text: the new pack) and
// are deleted later, when no reader that began before can need them.
#pragma once

#include <stop_token>

#include "context.h"

namespace skerry::git {

// More packs than these are worth a repack.
inline constexpr std::size_t kManyPacks = 20;
inline constexpr std::string_view kRepackJob = "git.repack";
inline constexpr std::string_view kReplacedSuffix = ".replaced";

// Asks for a repack in the caller's transaction when there are many packs.
void ask_for_repack(Context& context, Transaction& tx,
                    const Repository& repository);

// The job: joins packs and deletes those replaced before `older_than_ms` (a
// time on the clock). Throws what reading and writing packs throws; then
// nothing has changed.
void repack(Context& context, const Repository& repository,
            UnixMillis older_than_ms, std::stop_token stop);

// Deletes replaced packs at once. Before anything else runs.
void drop_replaced(const std::filesystem::path& repository);

}  // namespace skerry::git
