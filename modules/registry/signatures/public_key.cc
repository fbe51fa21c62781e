#include <fmt/format.h>

#include "core/error.h"
#include "core/store/digest.h"
#include "core/text/encoding.h"
#include "registry/signatures/keys.h"
#include "signatures/pem.h"
#include "signatures/pk.h"
#include "signatures/sodium.h"

namespace skerry::registry {
namespace {

using Kind = PublicKey::Kind;
using namespace std::string_view_literals;

// SubjectPublicKeyInfo of Ed25519 up to the point (RFC 8410, 4).
constexpr auto kEd25519Info =
    "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv;
// Of RSA: what is weaker is no signature, what is larger only slow.
constexpr std::size_t kFewestBits = 2048, kMostBits = 8192;

struct Curve {
  mbedtls_ecp_group_id id;
  Kind kind;
  const char* name;
};
constexpr Curve kCurves[] = {
    {MBEDTLS_ECP_DP_SECP256R1, Kind::p256, "ECDSA P-256"},
    {MBEDTLS_ECP_DP_SECP384R1, Kind::p384, "ECDSA P-384"},
    {MBEDTLS_ECP_DP_SECP521R1, Kind::p521, "ECDSA P-521"},
};

}  // namespace

PublicKey::PublicKey(Kind kind, std::string algorithm, std::string der)
    : kind_(kind), algorithm_(std::move(algorithm)), der_(std::move(der)) {}

PublicKey PublicKey::from_ed25519(std::string_view point) {
  return PublicKey(Kind::ed25519, "Ed25519",
                   std::string(kEd25519Info) + std::string(point));
}

PublicKey PublicKey::from_der(std::string_view der) {
  if (der.starts_with(kEd25519Info) &&
      der.size() == kEd25519Info.size() + kEd25519Bytes) {
    return from_ed25519(der.substr(kEd25519Info.size()));
  }
  const auto pk = Pk::public_key(der);
  if (pk.is_rsa()) {
    if (pk.bits() < kFewestBits || pk.bits() > kMostBits) {
      fail(ErrorCode::invalid,
           "an RSA key of {} bits; only {} to {} bits are taken", pk.bits(),
           kFewestBits, kMostBits);
    }
    return PublicKey(Kind::rsa, fmt::format("RSA {}", pk.bits()),
                     pk.public_der());
  }
  for (const auto& curve : kCurves) {
    if (pk.curve() == curve.id) {
      return PublicKey(curve.kind, curve.name, pk.public_der());
    }
  }
  fail(ErrorCode::invalid,
       "the key is on another curve than P-256, P-384, P-521 and Ed25519");
}

PublicKey PublicKey::parse(std::string_view pem) {
  const auto block = parse_pem(pem);
  if (block.label == "CERTIFICATE") {
    fail(ErrorCode::invalid,
         "it is a certificate: give the public key that stands in it "
         "(openssl x509 -pubkey -noout)");
  }
  if (block.label.find("PRIVATE KEY") != std::string::npos) {
    fail(ErrorCode::invalid,
         "it is a private key: give the public one, and keep this to yourself");
  }
  if (block.label != "PUBLIC KEY" && block.label != "RSA PUBLIC KEY") {
    fail(ErrorCode::invalid, "a '{}' is no public key", block.label);
  }
  return from_der(block.bytes);
}

std::string PublicKey::pem() const { return to_pem("PUBLIC KEY", der_); }

std::string PublicKey::fingerprint() const {
  return digest_of(der_).to_string();
}

std::string PublicKey::hint() const {
  return to_base64(*from_hex(digest_of(der_).hex));
}

bool PublicKey::verifies(std::string_view message,
                         std::string_view signature) const {
  if (kind_ == Kind::ed25519) {
    return ed25519_verifies(
        std::string_view(der_).substr(kEd25519Info.size()), message,
        signature);
  }
  auto pk = Pk::public_key(der_);
  if (kind_ == Kind::p384 &&
      pk.verifies(MBEDTLS_MD_SHA384, message, signature)) {
    return true;
  }
  if (kind_ == Kind::p521 &&
      pk.verifies(MBEDTLS_MD_SHA512, message, signature)) {
    return true;
  }
  return pk.verifies(MBEDTLS_MD_SHA256, message, signature);
}

}  // namespace skerry::registry
