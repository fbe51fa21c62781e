// The smallest patch that makes one object of another: a strategic merge patch
// where that can say it, a JSON patch where it cannot. Pure, thread-safe.
#pragma once

#include <string>

#include "core/text/json.h"
#include "kustomize/resource.h"
#include "kustomize/schema.h"

namespace skerry::chart::kustomize {

struct ObjectDiff {
  enum class Kind { none, merge, json };
  Kind kind = Kind::none;
  Json patch;  // an object with its identity, or a list of operations
};

// `base` and `wished` have the same kind, name and namespace. What it returns
// was applied and gives exactly `wished` when printed. Throws internal when
// neither form of patch does.
ObjectDiff diff_objects(const Resource& base, const Resource& wished,
                        Schema& schema);

// The two forms, without the check; the first may not be able to say all.
Json diff_as_merge(const Json& base, const Json& wished, const SchemaNode* type,
                   Schema& schema);
Json diff_as_operations(const Json& base, const Json& wished);

}  // namespace skerry::chart::kustomize
