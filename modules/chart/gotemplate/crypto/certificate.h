// X.509 certificates with the fields that Go's crypto/x509 gives those that
// sprig asks for. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/crypto/private_key.h"

namespace skerry::chart {

struct CertificateRequest {
  std::string common_name;
  std::vector<std::string> addresses;  // the bytes of IP addresses
  std::vector<std::string> names;      // of DNS
  std::int64_t not_before = 0, not_after = 0;  // seconds since 1970
  bool is_ca = false;
  // Go 1.25 names keys by SHA-256, earlier ones by SHA-1.
  bool names_keys_by_sha1 = false;
};

// What a certificate says of who signs with it.
struct CertificateIssuer {
  std::string subject;     // Name, DER
  std::string public_key;  // SubjectPublicKeyInfo, DER
  std::string key_id;
};
// Throws TemplateError: "x509: malformed certificate".
CertificateIssuer read_issuer(std::string_view certificate);

// In PEM; without an issuer the key signs for itself.
std::string make_certificate(const CertificateRequest& request,
                             const PrivateKey& key,
                             const CertificateIssuer* issuer,
                             PrivateKey& signer, const RandomBytes& random);

}  // namespace skerry::chart
