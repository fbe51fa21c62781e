// bcrypt, as golang.org/x/crypto writes it: "$2a$10$...". Thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace skerry::chart {

inline constexpr int kBcryptCost = 10;
inline constexpr std::size_t kBcryptSaltBytes = 16;
inline constexpr std::size_t kBcryptMaxPassword = 72;

std::string bcrypt_hash(std::string_view password, std::string_view salt,
                        int cost = kBcryptCost);

// The fractional part of pi, with which Blowfish starts: 18 words of its P
// array and 4 * 256 of its S boxes.
std::span<const std::uint32_t, 18 + 4 * 256> pi_words();

}  // namespace skerry::chart
