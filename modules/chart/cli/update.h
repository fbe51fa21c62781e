// Dependencies of a chart on the disk, brought up to date for another command.
#pragma once

#include <string>

#include "chart/cli.h"
#include "cli/flags.h"
#include "fetch/web.h"

namespace skerry::chart {

// `helm dependency update`; `streams.out` gets what it tells.
void update_dependencies(const std::string& path, const Flags& flags, Web& web,
                         const CommandStreams& streams);

}  // namespace skerry::chart
