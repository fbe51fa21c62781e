// OpenPGP signatures of version 4 (RFC 9580 section 5.2).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "provenance/keys.h"

namespace skerry::chart {

// Section 5.2.1.
enum class SignatureType : std::uint8_t {
  binary = 0x00,
  text = 0x01,
  generic_certification = 0x10,
  positive_certification = 0x13,
  subkey_binding = 0x18,
  primary_binding = 0x19,
  key_revocation = 0x20,
  subkey_revocation = 0x28,
  certification_revocation = 0x30,
};

struct Signature {
  SignatureType type = SignatureType::binary;
  std::uint32_t algorithm = 0;
  std::uint32_t hash_number = 0;
  std::uint32_t created = 0;
  std::uint32_t lifetime = 0;      // seconds; 0: it does not expire
  std::uint32_t key_lifetime = 0;  // of the key that it speaks of
  std::optional<std::uint32_t> key_flags{};
  bool is_primary_user = false;
  bool has_unknown_critical = false;
  std::string issuer{};       // 8 bytes, may be empty
  std::string fingerprint{};  // of the issuer, may be empty
  std::string embedded{};     // a signature packet's body
  std::string hashed{};       // what of itself is hashed
  std::string values{};       // of the algorithm
  bool is_certification() const;
  // Made by this key, as far as it says so.
  bool claims(const PublicKey& key) const;
};

inline constexpr std::uint32_t kMayCertify = 1, kMaySign = 2;

// A packet's body. Throws invalid for what is damaged or of another version.
Signature read_signature(std::string_view body);

// Whether the key made it over `content`. SHA-1 counts only where `allows_old`
// says so: in what keys say of themselves. Throws invalid, naming it, for a
// hash that is not supported.
bool is_signed_by(const PublicKey& key, const Signature& signature,
                  std::string_view content, bool allows_old);

// The packet of a signature by SHA-512 over a text in its canonical form.
std::string sign_text(const PublicKey& key, const OpenSecret& secret,
                      std::string_view content, std::uint32_t now);

}  // namespace skerry::chart
