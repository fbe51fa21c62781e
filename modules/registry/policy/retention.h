// Which tags and manifests of a repository its project's rules keep. Pure:
// facts in, decisions out.
//
// A tag stays when it is immutable, when its image is in use, when no rule
// matches it, or when any rule that matches it keeps it. A tag that speaks of
// a manifest ("sha256-<hex>.sig", see parse_subject_tag) is no business of the
// rules: it lives and dies with that manifest.
//
// A manifest stays when a tag that stays names it, when it is in use, and
// while something that stays needs it: an index its children, a subject its
// referrers, a referrer its subject. One that never had a tag or has lost it,
// and that nothing in the repository names, stays for `untagged_after`, or for
// ever without that. Everything else goes: a manifest with its last tag, and
// what belonged to it alone with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/os/clock.h"
#include "policy/policy.h"

namespace skerry::registry {

struct TagFact {
  std::string name;
  std::string digest;
  UnixMillis pushed = 0;
  UnixMillis pulled = 0;  // last, by name or digest; 0: never
};

struct ManifestFact {
  std::string digest;
  UnixMillis pushed = 0;
  UnixMillis untagged = 0;  // since when, at the earliest; at least `pushed`
  std::optional<std::string> subject;
  std::vector<std::string> children;  // manifests of the repository
  std::int64_t depth = 0;             // above that of its children
};

struct RepositoryFacts {
  std::string repository;  // without the project
  std::vector<TagFact> tags;
  std::vector<ManifestFact> manifests;
  // By digest: who uses it ("application hello").
  std::unordered_map<std::string, std::string> in_use;
};

struct Verdict {
  bool stays = true;
  std::string reason;
  std::optional<std::size_t> rule;  // of retention.rules, that keeps it
};

// In the order of the facts.
struct Verdicts {
  std::vector<Verdict> tags;
  std::vector<Verdict> manifests;
};

Verdicts judge(const Policy& policy, const RepositoryFacts& facts,
               UnixMillis now);

}  // namespace skerry::registry
