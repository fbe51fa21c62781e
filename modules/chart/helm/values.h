// Values: reading them, laying them over each other.
#pragma once

#include <string>
#include <string_view>

#include "gotemplate/value.h"
#include "helm/chart.h"

namespace skerry::chart {

// All documents of a values file, later ones over earlier ones. Throws invalid:
// "cannot unmarshal yaml document: ...".
Value read_values(std::string_view text);

// `over` over `base`; maps merge, everything else is replaced. Neither changes.
Value merge_values(const Value& base, const Value& over);

// Helm's CoalesceValues: `given` over the defaults of the chart and of its
// sub-charts; a null deletes a default. With `keeps_nulls` (MergeValues) it
// does not. Returns a new map.
Value coalesce_values(const Chart& chart, const Value& given, bool keeps_nulls,
                      const Log& log);
// CoalesceTables and MergeTables: changes and returns `into`, which wins.
Value coalesce_tables(const Value& into, const Value& from, bool keeps_nulls,
                      const Log& log);

// Values.Table("a.b.c"): the map at that path, or nil. When nil, `missing` gets
// what Helm says.
Value find_table(const Value& values, std::string_view path,
                 std::string* missing = nullptr);
// Values.PathValue: what stands at a path and is no map.
const Value* find_scalar(const Value& values, std::string_view path);

}  // namespace skerry::chart
