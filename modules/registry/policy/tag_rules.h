// What the rules say of each tag by itself (retention.h). Pure.
#pragma once

#include <vector>

#include "policy/retention.h"

namespace skerry::registry {

// In the order of the facts; nothing for tags that speak of a manifest, unless
// they are immutable or in use.
std::vector<std::optional<Verdict>> judge_tags(const Policy& policy,
                                               const RepositoryFacts& facts,
                                               UnixMillis now);

}  // namespace skerry::registry
