#include "provenance/crypto.h"

#include <mbedtls/aes.h>
#include <mbedtls/md.h>
#include <mbedtls/rsa.h>
#include <sodium.h>

#include <algorithm>

#include "core/error.h"
#include "core/os/random.h"
#include "provenance/packets.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kMostRsaBytes = 1024;  // 8192 bits

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

struct HashRow {
  HashKind kind;
  mbedtls_md_type_t type;
  std::string_view name;
};
constexpr HashRow kHashes[] = {
    {HashKind::sha1, MBEDTLS_MD_SHA1, "SHA1"},
    {HashKind::sha256, MBEDTLS_MD_SHA256, "SHA256"},
    {HashKind::sha384, MBEDTLS_MD_SHA384, "SHA384"},
    {HashKind::sha512, MBEDTLS_MD_SHA512, "SHA512"},
    {HashKind::sha224, MBEDTLS_MD_SHA224, "SHA224"},
};

const HashRow& row_of(HashKind kind) {
  for (const auto& row : kHashes) {
    if (row.kind == kind) return row;
  }
  fail(ErrorCode::internal, "no such hash");
}

class Rsa {
 public:
  explicit Rsa(const RsaPublic& key) {
    mbedtls_rsa_init(&rsa_);
    is_good_ = key.modulus.size() <= kMostRsaBytes &&
               mbedtls_rsa_import_raw(
                   &rsa_, bytes_of(key.modulus), key.modulus.size(), nullptr,
                   0, nullptr, 0, nullptr, 0, bytes_of(key.exponent),
                   key.exponent.size()) == 0;
  }
  ~Rsa() { mbedtls_rsa_free(&rsa_); }
  Rsa(const Rsa&) = delete;
  Rsa& operator=(const Rsa&) = delete;

  bool add(const RsaSecret& secret) {
    return is_good_ &&
           mbedtls_rsa_import_raw(&rsa_, nullptr, 0, bytes_of(secret.p),
                                  secret.p.size(), bytes_of(secret.q),
                                  secret.q.size(), bytes_of(secret.d),
                                  secret.d.size(), nullptr, 0) == 0;
  }
  bool complete() { return is_good_ && mbedtls_rsa_complete(&rsa_) == 0; }
  mbedtls_rsa_context* get() { return &rsa_; }

 private:
  mbedtls_rsa_context rsa_;
  bool is_good_ = false;
};

int fill_random(void*, unsigned char* out, std::size_t size) {
  const std::string bytes = random_bytes(size);
  std::copy(bytes.begin(), bytes.end(), out);
  return 0;
}

void begin_sodium() {
  if (sodium_init() < 0) fail(ErrorCode::internal, "libsodium does not start");
}

}  // namespace

std::optional<HashKind> known_hash(std::uint32_t number) {
  for (const auto& row : kHashes) {
    if (static_cast<std::uint32_t>(row.kind) == number) return row.kind;
  }
  return std::nullopt;
}

std::string_view name_of(HashKind kind) { return row_of(kind).name; }

std::string hash_of(HashKind kind, std::string_view bytes) {
  const auto* info = mbedtls_md_info_from_type(row_of(kind).type);
  if (!info) fail(ErrorCode::internal, "mbedTLS lacks {}", name_of(kind));
  std::string out(mbedtls_md_get_size(info), '\0');
  mbedtls_md(info, bytes_of(bytes), bytes.size(), bytes_of(out));
  return out;
}

bool rsa_verify(const RsaPublic& key, HashKind kind, std::string_view hash,
                std::string_view signature) {
  Rsa rsa(key);
  if (!rsa.complete()) return false;
  const std::size_t size = mbedtls_rsa_get_len(rsa.get());
  if (signature.size() > size) return false;
  std::string padded(size - signature.size(), '\0');
  padded += signature;
  return mbedtls_rsa_pkcs1_verify(rsa.get(), row_of(kind).type,
                                  static_cast<unsigned>(hash.size()),
                                  bytes_of(hash), bytes_of(padded)) == 0;
}

std::string rsa_sign(const RsaPublic& key, const RsaSecret& secret,
                     HashKind kind, std::string_view hash) {
  Rsa rsa(key);
  if (!rsa.add(secret) || !rsa.complete() ||
      mbedtls_rsa_check_privkey(rsa.get()) != 0) {
    fail(ErrorCode::invalid, "openpgp: invalid key: invalid key parameters");
  }
  std::string signature(mbedtls_rsa_get_len(rsa.get()), '\0');
  if (mbedtls_rsa_pkcs1_sign(rsa.get(), fill_random, nullptr,
                             row_of(kind).type,
                             static_cast<unsigned>(hash.size()),
                             bytes_of(hash), bytes_of(signature)) != 0) {
    fail(ErrorCode::invalid, "the RSA key cannot sign");
  }
  return signature;
}

bool ed25519_verify(std::string_view point, std::string_view message,
                    std::string_view signature) {
  begin_sodium();
  return point.size() == crypto_sign_PUBLICKEYBYTES &&
         signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(bytes_of(signature), bytes_of(message),
                                     message.size(), bytes_of(point)) == 0;
}

std::string ed25519_sign(std::string_view seed, std::string_view point,
                         std::string_view message) {
  begin_sodium();
  std::string own(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  if (seed.size() != crypto_sign_SEEDBYTES) {
    fail(ErrorCode::invalid, "openpgp: invalid key: invalid key parameters");
  }
  crypto_sign_seed_keypair(bytes_of(own), bytes_of(secret), bytes_of(seed));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(message),
                       message.size(), bytes_of(secret));
  wipe_secret(secret);
  if (own != point) {
    fail(ErrorCode::invalid, "openpgp: invalid key: invalid key parameters");
  }
  return signature;
}

std::string aes_cfb_decrypt(std::string_view key, std::string_view iv,
                            std::string_view bytes) {
  mbedtls_aes_context aes;
  mbedtls_aes_init(&aes);
  std::string out(bytes.size(), '\0'), feedback(iv);
  std::size_t offset = 0;
  int status = mbedtls_aes_setkey_enc(&aes, bytes_of(key),
                                      static_cast<unsigned>(key.size() * 8));
  if (status == 0) {
    status = mbedtls_aes_crypt_cfb128(&aes, MBEDTLS_AES_DECRYPT, bytes.size(),
                                      &offset, bytes_of(feedback),
                                      bytes_of(bytes), bytes_of(out));
  }
  mbedtls_aes_free(&aes);
  if (status != 0) fail_openpgp("a secret key that cannot be decrypted");
  return out;
}

void wipe_secret(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace skerry::chart
