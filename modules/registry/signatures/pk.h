// mbedTLS's public keys: RAII, and the few things that are asked of them.
#pragma once

#include <mbedtls/md.h>
#include <mbedtls/pk.h>

#include <string>
#include <string_view>

namespace skerry::registry {

// Used by one thread: even checking a signature changes what it holds.
class Pk {
 public:
  // DER: SubjectPublicKeyInfo, or PKCS #1 of RSA. Throws invalid.
  static Pk public_key(std::string_view der);
  // DER: PKCS #8, SEC 1 or PKCS #1. Throws invalid.
  static Pk private_key(std::string_view der);
  static Pk generate_p256();

  Pk() { mbedtls_pk_init(&key_); }
  ~Pk() { mbedtls_pk_free(&key_); }
  Pk(Pk&& other) noexcept : key_(other.key_) { mbedtls_pk_init(&other.key_); }
  Pk& operator=(Pk&&) = delete;

  bool is_rsa() const;
  std::size_t bits() const { return mbedtls_pk_get_bitlen(&key_); }
  // Of an elliptic curve key; MBEDTLS_ECP_DP_NONE of others.
  mbedtls_ecp_group_id curve() const;
  std::string public_der() const;
  std::string private_der() const;  // SEC 1 or PKCS #1

  bool verifies(mbedtls_md_type_t hash, std::string_view message,
                std::string_view signature);
  std::string sign(mbedtls_md_type_t hash, std::string_view message);

 private:
  mbedtls_pk_context key_;
};

}  // namespace skerry::registry
