#include "core/error.h"
#include "registry/signatures/keys.h"
#include "signatures/encrypted_key.h"
#include "signatures/pem.h"
#include "signatures/pk.h"
#include "signatures/sodium.h"

namespace skerry::registry {
namespace {

using namespace std::string_view_literals;

// PKCS #8 of Ed25519 up to the seed (RFC 8410, 7).
constexpr auto kEd25519Key =
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"sv;
// Version and algorithm of PKCS #8 (RFC 5208, 5): id-ecPublicKey, prime256v1.
constexpr auto kP256Key =
    "\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
    "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"sv;
constexpr unsigned char kSequence = 0x30, kOctets = 0x04;

// DER's tag, length and content (X.690, 8.1); below 64 KiB.
std::string der_of(unsigned char tag, std::string_view content) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value); };
  std::string der(1, static_cast<char>(tag));
  if (content.size() >= 0x100) {
    der += {byte(0x82), byte(content.size() >> 8)};
  } else if (content.size() >= 0x80) {
    der += byte(0x81);
  }
  der += byte(content.size() & 0xff);
  return der + std::string(content);
}

}  // namespace

PrivateKey::~PrivateKey() { wipe(der_); }

PrivateKey PrivateKey::from_der(std::string der) {
  if (der.starts_with(kEd25519Key) &&
      der.size() == kEd25519Key.size() + kEd25519Bytes) {
    auto seed = der.substr(kEd25519Key.size());
    wipe(der);
    auto point = PublicKey::from_ed25519(ed25519_point(seed));
    return PrivateKey(std::move(point), std::move(seed));
  }
  auto open = PublicKey::from_der(Pk::private_key(der).public_der());
  return PrivateKey(std::move(open), std::move(der));
}

PrivateKey PrivateKey::parse(std::string_view pem, const Password& password) {
  auto block = parse_pem(pem);
  if (block.label == "PRIVATE KEY" || block.label == "EC PRIVATE KEY" ||
      block.label == "RSA PRIVATE KEY") {
    return from_der(std::move(block.bytes));
  }
  if (block.label == "ENCRYPTED SIGSTORE PRIVATE KEY" ||
      block.label == "ENCRYPTED COSIGN PRIVATE KEY") {
    auto secret = password();
    auto der = decrypt_key(block.bytes, secret);
    wipe(secret);
    return from_der(std::move(der));
  }
  if (block.label == "ENCRYPTED PRIVATE KEY") {
    fail(ErrorCode::invalid,
         "private keys encrypted as in PKCS #8 are not supported: decrypt it "
         "with openssl pkey, or turn it into one of cosign's with cosign "
         "import-key-pair");
  }
  fail(ErrorCode::invalid, "a '{}' is no private key", block.label);
}

PrivateKey PrivateKey::generate() {
  const auto pk = Pk::generate_p256();
  auto sec1 = pk.private_der();
  auto der =
      der_of(kSequence, std::string(kP256Key) + der_of(kOctets, sec1));
  wipe(sec1);
  return from_der(std::move(der));
}

std::string PrivateKey::sign(std::string_view message) const {
  if (public_key_.kind() == PublicKey::Kind::ed25519) {
    return ed25519_sign(der_, message);
  }
  return Pk::private_key(der_).sign(MBEDTLS_MD_SHA256, message);
}

std::string PrivateKey::encrypted_pem(std::string_view password) const {
  return to_pem("ENCRYPTED SIGSTORE PRIVATE KEY",
                encrypt_key(der_, password));
}

}  // namespace skerry::registry
