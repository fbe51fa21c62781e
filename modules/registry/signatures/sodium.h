// What libsodium does for signatures: Ed25519 (RFC 8032), and the encryption
// of cosign's private keys, scrypt (RFC 7914) with NaCl's secretbox. The only
// place that speaks to it. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::registry {

inline constexpr std::size_t kEd25519Bytes = 32;  // of a point, and of a seed

// The signature is of the message itself, or of its SHA-512 (Ed25519ph).
bool ed25519_verifies(std::string_view point, std::string_view message,
                      std::string_view signature);
std::string ed25519_sign(std::string_view seed, std::string_view message);
std::string ed25519_point(std::string_view seed);

struct ScryptCost {
  std::uint64_t n = 65536;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
};
inline constexpr std::size_t kSecretboxNonce = 24;

// Encrypts under a password; the cost must have been checked.
std::string seal_with_password(std::string_view plain,
                               std::string_view password,
                               std::string_view salt, const ScryptCost& cost,
                               std::string_view nonce);
// Nothing for a wrong password, or changed bytes.
std::optional<std::string> open_with_password(std::string_view sealed,
                                              std::string_view password,
                                              std::string_view salt,
                                              const ScryptCost& cost,
                                              std::string_view nonce);

void wipe(std::string& secret);

}  // namespace skerry::registry
