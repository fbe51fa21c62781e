// What the registry does by itself: taking up uploads at start, removing
// those that nobody finishes, deletions whose time is over and the images of
// projects that are gone.
#pragma once

#include <string>

#include "core/boot/module.h"
#include "parts.h"

namespace skerry::registry {

inline constexpr const char* kUpkeepJob = "registry.upkeep";

// Before anything runs: settings, uploads, the first upkeep job.
void recover(Parts& parts);
// The job; it asks for its next run.
void run_upkeep(Parts& parts);
// Why the registry cannot take pushes, or empty.
std::string storage_trouble(Parts& parts);

}  // namespace skerry::registry
