// Whose signatures a project demands of its images, and when. Pure: the member
// "signatures" of a policy (policy.h).
//
//   {"demand": "pull",
//    "keys": [{"name": "release", "pem": "-----BEGIN PUBLIC KEY-----..."}],
//    "images": [{"repositories": "prod/**", "tags": "v*"}],
//    "except": [{"repositories": "prod/tools", "tags": "*"}],
//    "other_registries": ["docker.io/library/*"]}
//
// "demand" is "none" (the default; signatures are shown and that is all),
// "deploy" or "pull", which demands it of deployments as well. Without
// "images" it is of all; "tags" is "*" by default, which an image without a
// tag matches too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/members.h"
#include "registry/signatures/check.h"

namespace skerry::registry {

inline constexpr std::size_t kMostKeys = 20;

struct SignaturePolicy {
  enum class Demand { none, deploy, pull };
  Demand demand = Demand::none;
  std::vector<NamedKey> keys;
  std::vector<TagPattern> images;
  std::vector<TagPattern> except;
  // Globs of names, with their registries, of which nothing is demanded when
  // applications run them: "docker.io/library/*".
  std::vector<std::string> other_registries;
  // Changes with the keys.
  std::string keys_version;

  // Is a signature demanded of an image under this tag? "": it has none.
  bool covers(std::string_view repository, std::string_view tag) const;
  bool excepts_other(std::string_view image) const;
};

// `members` is the policy that has "signatures". Throws invalid naming the
// member: "signatures.keys[1].pem: it is a private key ...".
SignaturePolicy read_signatures(const Members& members);
Json to_json(const SignaturePolicy& policy);

}  // namespace skerry::registry
