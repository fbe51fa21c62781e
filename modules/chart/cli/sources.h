// What the commands read from the disk: charts and values.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "cli/flags.h"
#include "helm/chart.h"

namespace skerry::chart {

// Writes "level=WARN msg=..." lines.
Log log_to(std::ostream& out);

// A chart folder or archive. Throws not_found, invalid.
std::shared_ptr<Chart> load_chart_from_disk(const std::string& path,
                                            const Log& log);

// The flags of values, in the order in which Helm lays them over each other.
std::vector<Flag> value_flags();
Value values_from_flags(const Flags& flags, std::istream& standard_input);

}  // namespace skerry::chart
