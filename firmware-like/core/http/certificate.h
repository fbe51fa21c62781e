// X.509 certificates and their keys, over mbedTLS: the only place in core that
// speaks to its X.509 interface.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::http {

// An EC P-256 key. Not thread-safe.
class PrivateKey {
 public:
  static PrivateKey generate();
  static PrivateKey parse(const std::string& pem);  // throws invalid
  ~PrivateKey();
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) = delete;
  std::string pem() const;

  struct State;
  State& state() const { return *state_; }

 private:
  explicit PrivateKey(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A certificate that was read. Not thread-safe.
class Certificate {
 public:
  // The first in `pem`; throws invalid.
  explicit Certificate(const std::string& pem);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::int64_t expires() const;  // seconds since 1970
  // Is it for this DNS name or IP address?
  bool covers(std::string_view name) const;
  bool is_signed_by(const std::string& authority_pem) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct CertificateRequest {
  std::string common_name;
  std::vector<std::string> names;  // DNS names and IP addresses
  bool is_authority = false;
  std::int64_t valid_from = 0, valid_to = 0;  // seconds since 1970
};

// A certificate for `key`, signed by `signer`, whose certificate is
// `signer_pem` (empty: self-signed), as PEM.
std::string make_certificate(const CertificateRequest& request,
                             const PrivateKey& key, const PrivateKey& signer,
                             const std::string& signer_pem);

// 16 random bytes in hexadecimal, as an integer positive and of 16 bytes.
std::string random_serial();

}  // namespace skerry::http
