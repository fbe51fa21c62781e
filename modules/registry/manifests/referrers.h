// The list of manifests that name another as their subject (distribution
// specification 1.1, "Listing Referrers"), as an image index.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/store/sqlite.h"
#include "manifests/manifests.h"
#include "repositories.h"

namespace skerry::registry {

// On one page; with long annotations it stays a document of a few MiB.
inline constexpr std::size_t kMostReferrers = 1'000;

struct ReferrersQuery {
  Digest subject;
  std::optional<std::string> artifact_type;
  std::string after;  // digest of the last one seen
  std::size_t limit = kMostReferrers;
};

struct ReferrersPage {
  std::string index;  // JSON
  std::string next;   // a Link header's value, or empty
};

// A repository that was never pushed to has an empty list. What a client
// listed in an index under the tag "sha256-<hex>", before there was this
// endpoint, is in the first page.
ReferrersPage list_referrers(Database& db, Manifests& manifests,
                             const Place& place, const ReferrersQuery& query);

}  // namespace skerry::registry
