#include "signatures/pk.h"

#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/platform_util.h>

#include <algorithm>

#include "core/error.h"
#include "core/os/random.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLargestDer = 8192;

void check(int status, std::string_view what, ErrorCode code) {
  if (status >= 0) return;
  std::string reason(128, '\0');
  mbedtls_strerror(status, reason.data(), reason.size());
  fail(code, "{}: {}", what, reason.c_str());
}

int kernel_random(void*, unsigned char* output, std::size_t size) {
  const auto bytes = random_bytes(size);
  std::copy(bytes.begin(), bytes.end(), output);
  return 0;
}

const unsigned char* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// mbedTLS writes DER to the end of the buffer.
template <typename Write>
std::string written(Write write, const mbedtls_pk_context& key) {
  std::string buffer(kLargestDer, '\0');
  const int size = write(&key, reinterpret_cast<unsigned char*>(buffer.data()),
                         buffer.size());
  check(size, "a key cannot be written", ErrorCode::internal);
  auto der = buffer.substr(buffer.size() - static_cast<std::size_t>(size));
  mbedtls_platform_zeroize(buffer.data(), buffer.size());
  return der;
}

std::string hash_of(mbedtls_md_type_t hash, std::string_view message) {
  const auto* info = mbedtls_md_info_from_type(hash);
  std::string digest(mbedtls_md_get_size(info), '\0');
  check(mbedtls_md(info, unsigned_bytes(message), message.size(),
                   reinterpret_cast<unsigned char*>(digest.data())),
        "a message cannot be hashed", ErrorCode::internal);
  return digest;
}

}  // namespace

Pk Pk::public_key(std::string_view der) {
  Pk pk;
  check(mbedtls_pk_parse_public_key(&pk.key_, unsigned_bytes(der), der.size()),
        "the public key cannot be read", ErrorCode::invalid);
  return pk;
}

Pk Pk::private_key(std::string_view der) {
  Pk pk;
  check(mbedtls_pk_parse_key(&pk.key_, unsigned_bytes(der), der.size(), nullptr,
                             0, kernel_random, nullptr),
        "the private key cannot be read", ErrorCode::invalid);
  return pk;
}

Pk Pk::generate_p256() {
  Pk pk;
  check(mbedtls_pk_setup(&pk.key_, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)),
        "a key cannot be made", ErrorCode::internal);
  check(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(pk.key_),
                            kernel_random, nullptr),
        "a key cannot be made", ErrorCode::internal);
  return pk;
}

bool Pk::is_rsa() const { return mbedtls_pk_get_type(&key_) == MBEDTLS_PK_RSA; }

mbedtls_ecp_group_id Pk::curve() const {
  if (mbedtls_pk_get_type(&key_) != MBEDTLS_PK_ECKEY) {
    return MBEDTLS_ECP_DP_NONE;
  }
  return mbedtls_ecp_keypair_get_group_id(mbedtls_pk_ec(key_));
}

std::string Pk::public_der() const {
  return written(mbedtls_pk_write_pubkey_der, key_);
}

std::string Pk::private_der() const {
  return written(mbedtls_pk_write_key_der, key_);
}

bool Pk::verifies(mbedtls_md_type_t hash, std::string_view message,
                  std::string_view signature) {
  const auto digest = hash_of(hash, message);
  return mbedtls_pk_verify(&key_, hash, unsigned_bytes(digest), digest.size(),
                           unsigned_bytes(signature), signature.size()) == 0;
}

std::string Pk::sign(mbedtls_md_type_t hash, std::string_view message) {
  const auto digest = hash_of(hash, message);
  std::string signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE, '\0');
  std::size_t size = 0;
  check(mbedtls_pk_sign(&key_, hash, unsigned_bytes(digest), digest.size(),
                        reinterpret_cast<unsigned char*>(signature.data()),
                        signature.size(), &size, kernel_random, nullptr),
        "signing failed", ErrorCode::internal);
  signature.resize(size);
  return signature;
}

}  // namespace skerry::registry
