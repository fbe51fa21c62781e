// Hexadecimal and base64 (RFC 4648). Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry {

std::string to_hex(std::string_view bytes);  // lower case
std::optional<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);      // with padding
std::string to_base64url(std::string_view bytes);   // without padding
std::optional<std::string> from_base64(std::string_view text);

// Percent-encoding (RFC 3986); decoding refuses a broken escape and NUL.
std::string percent_encode(std::string_view text);
std::optional<std::string> percent_decode(std::string_view text,
                                          bool plus_is_space = false);

}  // namespace skerry
