#include "signatures/sodium.h"

#include <sodium.h>

#include "core/error.h"

namespace skerry::registry {
namespace {

static_assert(kEd25519Bytes == crypto_sign_PUBLICKEYBYTES);
static_assert(kEd25519Bytes == crypto_sign_SEEDBYTES);
static_assert(kSecretboxNonce == crypto_secretbox_NONCEBYTES);

// Chooses the code that fits the processor; may be called any number of times.
void begin() {
  if (sodium_init() < 0) fail(ErrorCode::internal, "libsodium does not start");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

struct KeyPair {
  std::string point = std::string(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret = std::string(crypto_sign_SECRETKEYBYTES, '\0');
  explicit KeyPair(std::string_view seed) {
    begin();
    crypto_sign_seed_keypair(bytes_of(point), bytes_of(secret),
                             bytes_of(seed));
  }
  ~KeyPair() { wipe(secret); }
  KeyPair(const KeyPair&) = delete;
  KeyPair& operator=(const KeyPair&) = delete;
};

std::string key_of(std::string_view password, std::string_view salt,
                   const ScryptCost& cost) {
  begin();
  std::string key(crypto_secretbox_KEYBYTES, '\0');
  if (crypto_pwhash_scryptsalsa208sha256_ll(
          bytes_of(password), password.size(), bytes_of(salt), salt.size(),
          cost.n, cost.r, cost.p, bytes_of(key), key.size()) != 0) {
    fail(ErrorCode::unavailable,
         "scrypt needs {} MiB of memory, which it does not get",
         (cost.n * cost.r * 128) >> 20);
  }
  return key;
}

}  // namespace

bool ed25519_verifies(std::string_view point, std::string_view message,
                      std::string_view signature) {
  if (point.size() != crypto_sign_PUBLICKEYBYTES ||
      signature.size() != crypto_sign_BYTES) {
    return false;
  }
  begin();
  if (crypto_sign_verify_detached(bytes_of(signature), bytes_of(message),
                                  message.size(), bytes_of(point)) == 0) {
    return true;
  }
  crypto_sign_state state;
  crypto_sign_init(&state);
  crypto_sign_update(&state, bytes_of(message), message.size());
  // It does not change the signature, though it takes it as if it did.
  std::string own(signature);
  return crypto_sign_final_verify(&state, bytes_of(own), bytes_of(point)) == 0;
}

std::string ed25519_sign(std::string_view seed, std::string_view message) {
  const KeyPair pair(seed);
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(message),
                       message.size(),
                       bytes_of(std::string_view(pair.secret)));
  return signature;
}

std::string ed25519_point(std::string_view seed) { return KeyPair(seed).point; }

std::string seal_with_password(std::string_view plain,
                               std::string_view password,
                               std::string_view salt, const ScryptCost& cost,
                               std::string_view nonce) {
  auto key = key_of(password, salt, cost);
  std::string sealed(plain.size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(bytes_of(sealed), bytes_of(plain), plain.size(),
                        bytes_of(nonce), bytes_of(std::string_view(key)));
  wipe(key);
  return sealed;
}

std::optional<std::string> open_with_password(std::string_view sealed,
                                              std::string_view password,
                                              std::string_view salt,
                                              const ScryptCost& cost,
                                              std::string_view nonce) {
  if (sealed.size() < crypto_secretbox_MACBYTES) return {};
  auto key = key_of(password, salt, cost);
  std::string plain(sealed.size() - crypto_secretbox_MACBYTES, '\0');
  const bool fits = crypto_secretbox_open_easy(
                        bytes_of(plain), bytes_of(sealed), sealed.size(),
                        bytes_of(nonce), bytes_of(std::string_view(key))) == 0;
  wipe(key);
  if (!fits) return {};
  return plain;
}

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

}  // namespace skerry::registry
