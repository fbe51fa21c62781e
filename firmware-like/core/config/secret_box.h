// Encryption at rest: AES-256-GCM (NIST SP 800-38D) with a random nonce under
// the key in keys/secret.key. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace skerry {

// `key` has 32 bytes. The result is nonce, ciphertext, tag, base64.
std::string seal(std::string_view key, std::string_view plain);
// Throws invalid when the text was changed or sealed under another key.
std::string unseal(std::string_view key, std::string_view sealed);

}  // namespace skerry
