// What an upstream registry says in headers: which credentials it wants, where
// a list goes on, which bytes a partial answer has. Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::registry {

// One way to sign in (RFC 9110 section 11.6.1).
struct Challenge {
  std::string scheme;                         // lower case: "bearer", "basic"
  std::map<std::string, std::string> params;  // names in lower case
  std::string param(const std::string& name) const;
};

// All that WWW-Authenticate offers, at most 16. What cannot be read is left
// out.
std::vector<Challenge> parse_challenges(std::string_view header);

// The target of the Link with rel="next" (RFC 8288), as it stands there.
std::optional<std::string> parse_next_link(std::string_view header);

// "bytes <first>-<last>/<total or *>" (RFC 9110 section 14.4).
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::optional<std::uint64_t> total;
};
std::optional<ContentRange> parse_content_range(std::string_view header);

// Decimal digits only; nothing past 2^63.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

// The token of an answer of a token service and for how many seconds it is
// good; nothing when there is none that can be sent. (Distribution "Token
// Authentication Specification": "token" or "access_token", 60 seconds
// without "expires_in".)
struct IssuedToken {
  std::string token;
  std::int64_t seconds = 60;
};
std::optional<IssuedToken> parse_token_answer(std::string_view json);

}  // namespace skerry::registry
