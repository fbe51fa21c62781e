// The tags of a repository with all that the page shows of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"
#include "core/store/sqlite.h"
#include "pulls/pulls.h"
#include "repositories.h"

namespace skerry::registry {

struct TagDetails {
  std::string name;
  std::string digest;
  std::string media_type;
  std::string artifact_type;
  std::vector<std::string> platforms;
  std::int64_t total_size = 0;
  UnixMillis pushed = 0;
  bool is_signed = false;
  PullCount pulls;  // by the tag, and by the digest that it names now
};
// Newest first.
std::vector<TagDetails> list_tag_details(Connection& db, Pulls& pulls,
                                         const Place& place,
                                         std::int64_t repository);

// A tag by which cosign finds what belongs to a manifest ("sha256-<hex>.sig",
// ".att", ".sbom"), or clients did before there were referrers ("sha256-<hex>",
// specification, "Referrers Tag Schema").
struct SubjectTag {
  std::string subject;  // digest
  std::string kind;     // "sig", "att", "sbom" or ""
};
std::optional<SubjectTag> parse_subject_tag(std::string_view tag);

// Whether a referrer of this type, with these annotations (a JSON object, or
// empty), is a signature: cosign's, sigstore's bundles, Notary's.
bool is_signature(std::string_view artifact_type,
                  std::string_view annotations);

}  // namespace skerry::registry
