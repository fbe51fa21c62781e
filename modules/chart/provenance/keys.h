// OpenPGP keys of version 4 (RFC 9580 section 5.5): RSA and Ed25519, with what
// a secret one needs to be opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "provenance/crypto.h"

namespace skerry::chart {

enum class KeyKind { rsa, eddsa, ed25519, other };

struct PublicKey {
  KeyKind kind = KeyKind::other;
  std::uint32_t algorithm = 0;  // as numbered by section 9.1
  std::uint32_t created = 0;    // seconds since 1970
  RsaPublic rsa{};
  std::string point{};  // of Ed25519
  std::string body{};   // as it is hashed
  std::string fingerprint{};  // 20 bytes
  std::string id() const { return fingerprint.substr(12); }
};

// The protected part of a secret key.
struct SecretKey {
  std::uint32_t usage = 0;  // 0: in the clear
  std::uint32_t cipher = 0;
  std::uint32_t s2k_kind = 0, s2k_hash = 0, s2k_count = 0;
  std::string salt{}, iv{}, data{};
  bool is_stub = false;  // its secret is elsewhere: a card
  bool is_encrypted() const { return usage != 0; }
};

// The opened secret: what the kind of key needs.
struct OpenSecret {
  RsaSecret rsa{};
  std::string seed{};
  ~OpenSecret();
};

// The bodies of key packets. Throws invalid for what is damaged, and for
// versions other than 4. Secret keys begin with their public part.
PublicKey read_public_key(std::string_view body);
PublicKey read_secret_key(std::string_view body, SecretKey& secret);

// Throws denied for a wrong passphrase ("private key checksum failure"),
// invalid for ciphers other than AES.
OpenSecret open_secret(const PublicKey& key, const SecretKey& secret,
                       std::string_view passphrase);

}  // namespace skerry::chart
