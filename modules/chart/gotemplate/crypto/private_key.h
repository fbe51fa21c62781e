// Private keys as sprig makes and reads them: RSA, elliptic curves, Ed25519.
// DSA is refused by name. Used by one thread.
#pragma once

#include <mbedtls/pk.h>

#include <functional>
#include <string>
#include <string_view>

namespace skerry::chart {

using RandomBytes = std::function<std::string(std::size_t)>;

class PrivateKey {
 public:
  static PrivateKey make_rsa(unsigned bits, const RandomBytes& random);
  static PrivateKey make_p256(const RandomBytes& random);
  static PrivateKey make_ed25519(const RandomBytes& random);
  // Throws TemplateError with sprig's words.
  static PrivateKey from_pem(std::string_view text, const RandomBytes& random);

  PrivateKey(PrivateKey&& other) noexcept;
  PrivateKey& operator=(PrivateKey&&) = delete;
  ~PrivateKey();

  std::string to_pem() const;
  std::string public_der() const;           // SubjectPublicKeyInfo
  std::string signature_algorithm() const;  // AlgorithmIdentifier, DER
  // Of a certificate's bytes, with the hash that Go picks for the key.
  std::string sign(std::string_view bytes, const RandomBytes& random);

 private:
  PrivateKey();
  static PrivateKey parse(std::string_view der, std::string_view complaint,
                          const RandomBytes& random);
  bool is_ed25519() const { return !seed_.empty(); }
  mbedtls_md_type_t hash() const;

  mbedtls_pk_context key_;
  std::string seed_;  // of Ed25519, which mbedTLS does not have
};

}  // namespace skerry::chart
