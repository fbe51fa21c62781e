// cosign's encrypted private keys: a JSON document in PEM,
//
//   {"kdf": {"name": "scrypt", "params": {"N": 65536, "r": 8, "p": 1},
//            "salt": base64},
//    "cipher": {"name": "nacl/secretbox", "nonce": base64},
//    "ciphertext": base64}
//
// whose plain text is PKCS #8.
#pragma once

#include <string>
#include <string_view>

namespace skerry::registry {

// Throws invalid for what is no such document, too_large for one whose cost is
// beyond what any tool writes, denied for a wrong password.
std::string decrypt_key(std::string_view document, std::string_view password);
std::string encrypt_key(std::string_view pkcs8, std::string_view password);

}  // namespace skerry::registry
