// What a project demands of its images: tags that never move, how much they
// may weigh, which of them are kept. Pure: a JSON document and what it means.
//
//   {"immutable_tags": [{"tags": "v*", "repositories": "prod/**"}],
//    "quota_bytes": 50000000000,
//    "retention": {
//      "rules": [{"repositories": "**", "tags": "pr-*", "keep_last": 5,
//                 "keep_within": "7d", "keep_pulled_within": "30d"},
//                {"tags": "release-*", "keep_all": true}],
//      "untagged_after": "7d"},
//    "signatures": {"demand": "pull", ...}}    (signature_policy.h)
//
// Every member may be absent or null. Patterns are globs (core/text/glob.h);
// "repositories" is "**" by default, names without the project. Durations are
// written as in settings.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/json.h"
#include "policy/members.h"
#include "policy/patterns.h"
#include "policy/signature_policy.h"

namespace skerry::registry {

// A shorter time would take children away from an index that is being pushed.
inline constexpr std::chrono::milliseconds kLeastUntagged{3'600'000};

// Keeps a matching tag when one of its conditions holds.
struct RetentionRule {
  TagPattern match;
  bool keep_all = false;
  std::optional<std::int64_t> keep_last;  // images, by their newest push
  std::optional<std::chrono::milliseconds> keep_within;         // of the push
  std::optional<std::chrono::milliseconds> keep_pulled_within;  // of a pull
};

struct Policy {
  std::vector<TagPattern> immutable_tags;
  std::optional<std::int64_t> quota_bytes;
  std::vector<RetentionRule> rules;
  std::optional<std::chrono::milliseconds> untagged_after;
  SignaturePolicy signatures;

  bool retains() const { return !rules.empty() || untagged_after; }
  // The first pattern that makes this tag immutable, counted from 0.
  std::optional<std::size_t> immutable_by(std::string_view repository,
                                          std::string_view tag) const;
};

// Throws invalid naming the member by its path:
// "retention.rules[0].keep_lsat is not a member of a policy".
Policy parse_policy(const Json& document);
// With every member.
Json to_json(const Policy& policy);
// "36h", "7d".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace skerry::registry
