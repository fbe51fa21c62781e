// The cryptography that OpenPGP asks for, over mbedTLS and libsodium, which
// only crypto.cc includes. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::chart {

// Numbers of RFC 9580 section 9.5.
enum class HashKind : std::uint8_t {
  sha1 = 2,
  sha256 = 8,
  sha384 = 9,
  sha512 = 10,
  sha224 = 11,
};

// Nothing for a number that is none of these; "SHA512" for messages.
std::optional<HashKind> known_hash(std::uint32_t number);
std::string_view name_of(HashKind kind);
std::string hash_of(HashKind kind, std::string_view bytes);

struct RsaPublic {
  std::string modulus, exponent;
};
struct RsaSecret {
  std::string d, p, q;
};

bool rsa_verify(const RsaPublic& key, HashKind kind, std::string_view hash,
                std::string_view signature);
// Throws invalid for parts that are no key.
std::string rsa_sign(const RsaPublic& key, const RsaSecret& secret,
                     HashKind kind, std::string_view hash);

bool ed25519_verify(std::string_view point, std::string_view message,
                    std::string_view signature);
// Throws invalid when the seed is not the point's.
std::string ed25519_sign(std::string_view seed, std::string_view point,
                         std::string_view message);

// AES in cipher feedback mode, undone. `key` has 16, 24 or 32 bytes.
std::string aes_cfb_decrypt(std::string_view key, std::string_view iv,
                            std::string_view bytes);

void wipe_secret(std::string& text);

}  // namespace skerry::chart
