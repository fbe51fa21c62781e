// Lists of a project that stands in front of an upstream registry: asked there,
// all pages of it; what is here when there is no answer.
#pragma once

#include <string>
#include <vector>

#include "api/paging.h"
#include "manifests/referrers.h"
#include "parts.h"
#include "upstream/entry.h"

namespace skerry::registry {

struct MirroredTags {
  std::vector<std::string> names;  // at most one more than the page holds
  std::string warning;
};
MirroredTags mirrored_tags(Parts& parts, const Entry& entry, const Page& page);

struct MirroredReferrers {
  ReferrersPage page;
  std::string warning;
};
MirroredReferrers mirrored_referrers(Parts& parts, const Entry& entry,
                                     const ReferrersQuery& query);

}  // namespace skerry::registry
