// Making a new chart on the disk.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "helm/chart.h"

namespace skerry::chart {

// Writes the starter chart `name` into a folder of that name in `folder`, an
// absolute path that exists; files that are there are written over, and `told`
// hears of it. Throws invalid for a name that is none.
void create_chart(const std::string& name, const std::string& folder,
                  std::ostream& told);

// The same from a chart of one's own, in which <CHARTNAME> stands for the name.
void create_chart_from(Chart& starter, const std::string& name,
                       const std::string& folder);

}  // namespace skerry::chart
