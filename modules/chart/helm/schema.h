// values.schema.json: what the values of a chart must look like.
#pragma once

#include "gotemplate/value.h"
#include "helm/chart.h"

namespace skerry::chart {

// Checks the coalesced values of a chart and of its sub-charts. Throws invalid
// with all complaints.
void validate_schemas(const Chart& chart, const Value& values, const Log& log);

}  // namespace skerry::chart
