// Keyrings: files of OpenPGP keys with their names, binary or armored. What
// does not carry the key's own valid signature is not believed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provenance/keys.h"
#include "provenance/signature.h"

namespace skerry::chart {

struct Identity {
  std::string name;  // "Ann <ann@example.com>"
  Signature signature;  // the key's own
  bool is_revoked = false;
};

struct SubKey {
  PublicKey key;
  Signature binding;
  bool is_revoked = false;
};

struct KeyOwner {
  PublicKey key;
  std::optional<SecretKey> secret;
  std::vector<Identity> identities;  // at least one
  std::vector<SubKey> sub_keys;
  bool is_revoked = false;
  // The one that speaks for the key.
  const Identity& main_identity() const;
};

using Keyring = std::vector<KeyOwner>;

// Keys that cannot be read are skipped; throws why when none is left of some.
Keyring parse_keyring(std::string_view bytes);
// Throws not_found: "open /x: no such file or directory".
Keyring read_keyring(const std::string& file);

// The key that made one of the signatures and might: neither it nor the
// signature is expired at `now` (seconds since 1970) or revoked. Throws denied
// with the sentences of Helm's library.
const KeyOwner& find_signer(const Keyring& keyring,
                            const std::vector<Signature>& signatures,
                            std::string_view content, std::int64_t now);

}  // namespace skerry::chart
