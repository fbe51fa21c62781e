#include "core/config/secret_box.h"

#include <mbedtls/gcm.h>

#include "core/error.h"
#include "core/os/random.h"
#include "core/text/encoding.h"

namespace skerry {
namespace {

constexpr std::size_t kNonce = 12, kTag = 16;

class Gcm {
 public:
  explicit Gcm(std::string_view key) {
    mbedtls_gcm_init(&context_);
    if (key.size() != 32 ||
        mbedtls_gcm_setkey(&context_, MBEDTLS_CIPHER_ID_AES, bytes(key), 256) !=
            0) {
      mbedtls_gcm_free(&context_);
      fail(ErrorCode::internal, "the encryption key must have 32 bytes");
    }
  }
  ~Gcm() { mbedtls_gcm_free(&context_); }
  Gcm(const Gcm&) = delete;
  Gcm& operator=(const Gcm&) = delete;
  mbedtls_gcm_context* get() { return &context_; }

  static const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }
  static unsigned char* bytes(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
  }

 private:
  mbedtls_gcm_context context_;
};

}  // namespace

std::string seal(std::string_view key, std::string_view plain) {
  Gcm gcm(key);
  const std::string nonce = random_bytes(kNonce);
  std::string cipher(plain.size(), '\0'), tag(kTag, '\0');
  if (mbedtls_gcm_crypt_and_tag(gcm.get(), MBEDTLS_GCM_ENCRYPT, plain.size(),
                                Gcm::bytes(std::string_view(nonce)), kNonce,
                                nullptr, 0, Gcm::bytes(plain),
                                Gcm::bytes(cipher), kTag,
                                Gcm::bytes(tag)) != 0) {
    fail(ErrorCode::internal, "encryption failed");
  }
  return to_base64(nonce + cipher + tag);
}

std::string unseal(std::string_view key, std::string_view sealed) {
  const auto all = from_base64(sealed);
  if (!all || all->size() < kNonce + kTag) {
    fail(ErrorCode::invalid, "a stored secret is damaged");
  }
  const std::string_view view(*all);
  const std::size_t size = all->size() - kNonce - kTag;
  Gcm gcm(key);
  std::string plain(size, '\0');
  if (mbedtls_gcm_auth_decrypt(
          gcm.get(), size, Gcm::bytes(view.substr(0, kNonce)), kNonce, nullptr,
          0, Gcm::bytes(view.substr(kNonce + size)), kTag,
          Gcm::bytes(view.substr(kNonce, size)), Gcm::bytes(plain)) != 0) {
    fail(ErrorCode::invalid,
         "a stored secret is damaged or was sealed under another key");
  }
  return plain;
}

}  // namespace skerry
