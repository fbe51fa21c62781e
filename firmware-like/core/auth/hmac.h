// HMAC-SHA256 (RFC 2104). Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace skerry::auth {

std::string hmac_sha256(std::string_view key, std::string_view message);

// Takes as long for unequal texts of equal length as for equal ones.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace skerry::auth
