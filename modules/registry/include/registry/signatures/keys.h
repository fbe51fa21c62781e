// The keys that sign images: ECDSA over P-256, P-384 and P-521, RSA with
// PKCS #1 v1.5, Ed25519. Private keys also as cosign keeps them, encrypted.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace skerry::registry {

// A key's file. None that is larger is read.
inline constexpr std::size_t kLargestKeyFile = 64u << 10;

// A value; every method may be called from any thread.
class PublicKey {
 public:
  enum class Kind { p256, p384, p521, rsa, ed25519 };

  // PEM: one block "PUBLIC KEY" or "RSA PUBLIC KEY". Throws invalid with what
  // is wrong.
  static PublicKey parse(std::string_view pem);

  Kind kind() const { return kind_; }
  const std::string& algorithm() const { return algorithm_; }  // "ECDSA P-256"
  // SubjectPublicKeyInfo (RFC 5280, 4.1) as PEM.
  std::string pem() const;
  // "sha256:<hex>" of the SubjectPublicKeyInfo.
  std::string fingerprint() const;
  // The same digest in base64: how Sigstore's bundles name a key.
  std::string hint() const;
  // Of SHA-256, for the larger curves also of SHA-384 and SHA-512; Ed25519
  // plain and prehashed: cosign makes all of these.
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  friend class PrivateKey;
  PublicKey(Kind kind, std::string algorithm, std::string der);
  static PublicKey from_der(std::string_view der);
  static PublicKey from_ed25519(std::string_view point);

  Kind kind_;
  std::string algorithm_;
  std::string der_;
};

// Wiped from memory when it goes. Used by one thread at a time.
class PrivateKey {
 public:
  // Called when the file turns out to be encrypted.
  using Password = std::function<std::string()>;

  // PEM: "PRIVATE KEY" (PKCS #8), "EC PRIVATE KEY", "RSA PRIVATE KEY",
  // "ENCRYPTED SIGSTORE PRIVATE KEY" or "ENCRYPTED COSIGN PRIVATE KEY". Throws
  // invalid with what is wrong, denied for a wrong password.
  static PrivateKey parse(std::string_view pem, const Password& password);
  // A new key of ECDSA over P-256.
  static PrivateKey generate();

  PrivateKey(PrivateKey&&) noexcept = default;
  PrivateKey& operator=(PrivateKey&&) = delete;
  ~PrivateKey();

  const PublicKey& public_key() const { return public_key_; }
  // Of SHA-256, and with Ed25519 plain: what cosign takes by default.
  std::string sign(std::string_view message) const;
  // As `cosign generate-key-pair` writes it. For keys of generate() only.
  std::string encrypted_pem(std::string_view password) const;

 private:
  PrivateKey(PublicKey public_key, std::string der)
      : public_key_(std::move(public_key)), der_(std::move(der)) {}
  static PrivateKey from_der(std::string der);

  PublicKey public_key_;
  std::string der_;  // PKCS #8, SEC 1 or PKCS #1; of Ed25519 the seed
};

}  // namespace skerry::registry
