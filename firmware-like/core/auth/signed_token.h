// Self-contained bearer tokens: "sks_<payload>.<code>", both base64url, the
// code being HMAC-SHA256 of the payload under a key of the server. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/os/clock.h"

namespace skerry::auth {

inline constexpr std::string_view kSignedTokenPrefix = "sks_";

struct SignedClaims {
  std::int64_t user_id = 0;  // as in http::Identity
  std::string name;
  std::int64_t token_id = 0;  // that it was got with, 0: none
  std::int64_t epoch = 0;     // of the user's credentials
  UnixMillis expires = 0;
  std::vector<std::string> scopes;
};

std::string sign_claims(std::string_view key, const SignedClaims& claims);
// Nothing for a token that this key did not sign. Does not look at the time.
std::optional<SignedClaims> verify_claims(std::string_view key,
                                          std::string_view token);

}  // namespace skerry::auth
