// Keys: what is taken, what is refused and why, and that each kind signs what
// it verifies. That cosign's keys and ours are the same thing is shown by
// tests/e2e/image_signatures.sh.
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/text/encoding.h"
#include "registry/signatures/keys.h"
#include "signatures/encrypted_key.h"
#include "signatures/pem.h"
#include "signatures/sodium.h"

namespace skerry::registry {
namespace {

using namespace std::string_view_literals;

std::string no_password() {
  ADD_FAILURE() << "nothing is encrypted here";
  return {};
}

template <typename Do>
std::string complaint(Do&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.message();
  }
  return "";
}

std::string public_complaint(std::string_view pem) {
  return complaint([&] { PublicKey::parse(pem); });
}

TEST(SignatureKeys, AMadeKeySignsWhatItsPublicHalfVerifies) {
  const auto key = PrivateKey::generate();
  const auto signature = key.sign("message");
  const auto open = PublicKey::parse(key.public_key().pem());
  EXPECT_EQ(open.algorithm(), "ECDSA P-256");
  EXPECT_EQ(open.fingerprint(), key.public_key().fingerprint());
  EXPECT_TRUE(open.verifies("message", signature));
  EXPECT_FALSE(open.verifies("massage", signature));
  EXPECT_FALSE(open.verifies("message", signature + '\0'));
  EXPECT_FALSE(open.verifies("message", ""));
  auto flipped = signature;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  EXPECT_FALSE(open.verifies("message", flipped));
  EXPECT_FALSE(
      PrivateKey::generate().public_key().verifies("message", signature));
}

TEST(SignatureKeys, AnEncryptedKeyComesBackWithItsPasswordOnly) {
  const auto key = PrivateKey::generate();
  const auto pem = key.encrypted_pem("secret");
  EXPECT_TRUE(pem.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY"));
  const auto back = PrivateKey::parse(pem, [] { return "secret"; });
  EXPECT_EQ(back.public_key().fingerprint(), key.public_key().fingerprint());
  EXPECT_TRUE(key.public_key().verifies("m", back.sign("m")));
  try {
    PrivateKey::parse(pem, [] { return "Secret"; });
    FAIL() << "a wrong password opens the key";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::denied);
  }
}

// RFC 8032, 7.1 (test 2) and 7.3: the same secret key, plain and prehashed.
TEST(SignatureKeys, Ed25519AsInItsSpecification) {
  const auto point = *from_hex(
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const auto signature = *from_hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(ed25519_verifies(point, "\x72", signature));
  EXPECT_FALSE(ed25519_verifies(point, "\x73", signature));
  const auto seed = *from_hex(
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  EXPECT_EQ(ed25519_point(seed), point);
  EXPECT_EQ(ed25519_sign(seed, "\x72"), signature);
  const auto prehashing_seed = *from_hex(
      "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42");
  const auto prehashed = *from_hex(
      "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
      "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406");
  const auto other = ed25519_point(prehashing_seed);
  EXPECT_TRUE(ed25519_verifies(other, "abc", prehashed));
  EXPECT_FALSE(ed25519_verifies(other, "abd", prehashed));
  const std::string header(
      "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"sv);
  const auto key =
      PrivateKey::parse(to_pem("PRIVATE KEY", header + seed), no_password);
  EXPECT_EQ(key.public_key().algorithm(), "Ed25519");
  EXPECT_EQ(key.sign("\x72"), signature);
  EXPECT_TRUE(key.public_key().verifies("\x72", signature));
}

TEST(SignatureKeys, TheCostOfAPasswordIsBounded) {
  const auto document = [](const std::string& params) {
    return R"({"kdf":{"name":"scrypt","params":)" + params +
           R"(,"salt":"c2FsdA=="},"cipher":{"name":"nacl/secretbox","nonce":)"
           R"("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},"ciphertext":"AAAA"})";
  };
  const struct {
    std::string document, complaint;
  } kWrong[] = {
      {"", ""},
      {"[]", "the encrypted key has no 'kdf'"},
      {"{}", "the encrypted key has no 'kdf'"},
      {document("{}"), "has no 'N'"},
      {document(R"({"N":1000,"r":8,"p":1})"), "scrypt cannot have N=1000"},
      {document(R"({"N":0,"r":8,"p":1})"), "scrypt cannot have"},
      {document(R"({"N":-2,"r":8,"p":1})"), "'N' of the encrypted key is no"},
      {document(R"({"N":65536,"r":8,"p":"1"})"), "'p' of the encrypted key"},
      {document(R"({"N":16777216,"r":8,"p":1})"), "costs more than any tool"},
      {document(R"({"N":65536,"r":1024,"p":1})"), "costs more than any tool"},
      {document(R"({"N":65536,"r":8,"p":1024})"), "costs more than any tool"},
      {document(R"({"N":18446744073709551615,"r":8,"p":1})"), "cannot have"},
      {document(R"({"N":1024,"r":8,"p":1})"), "password is wrong"},
  };
  for (const auto& [text, expected] : kWrong) {
    const auto said = complaint([&, &t = text] { decrypt_key(t, "x"); });
    EXPECT_NE(said, "") << text;
    EXPECT_NE(said.find(expected), std::string::npos) << said;
  }
}

TEST(SignatureKeys, OtherPemIsRefusedByName) {
  const auto private_pem = PrivateKey::generate().encrypted_pem("x");
  const auto public_pem = PrivateKey::generate().public_key().pem();
  const struct {
    std::string pem, complaint;
  } kWrong[] = {
      {"", "it is not PEM"},
      {"hello", "it is not PEM"},
      {"-----BEGIN PUBLIC KEY", "first line does not end"},
      {"-----BEGIN PUBLIC KEY-----\nAAAA", "has no line '-----END PUBLIC KEY"},
      {"-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----",
       "the PUBLIC KEY is not base64"},
      {"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
       "the PUBLIC KEY is not base64"},
      {to_pem("PUBLIC KEY", "abc"), "the public key cannot be read"},
      {to_pem("CERTIFICATE", "abc"), "it is a certificate"},
      {to_pem("OPENSSH PUBLIC KEY", "abc"), "is no public key"},
      {private_pem, "it is a private key"},
      {public_pem + public_pem, "more than one PEM block"},
      {std::string(kLargestKeyFile + 1, 'x'), "at most 65536 are read"},
  };
  for (const auto& [pem, expected] : kWrong) {
    EXPECT_NE(public_complaint(pem).find(expected), std::string::npos)
        << pem.substr(0, 80) << ": " << public_complaint(pem);
  }
  const auto secret = [](std::string_view pem) {
    return complaint([&] { PrivateKey::parse(pem, no_password); });
  };
  EXPECT_NE(secret(public_pem).find("is no private key"), std::string::npos);
  EXPECT_NE(secret(to_pem("ENCRYPTED PRIVATE KEY", "x")).find("cosign import"),
            std::string::npos);
  EXPECT_NE(secret("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                   "-----END RSA PRIVATE KEY-----")
                .find("traditional format"),
            std::string::npos);
}

// Every byte of the DER counts: none changed is still the same key.
TEST(SignatureKeys, ADamagedKeyIsRefusedOrAnother) {
  const auto key = PrivateKey::generate();
  const auto signature = key.sign("m");
  const auto der = parse_pem(key.public_key().pem()).bytes;
  for (std::size_t i = 0; i < der.size(); ++i) {
    auto damaged = der;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    try {
      const auto other = PublicKey::parse(to_pem("PUBLIC KEY", damaged));
      EXPECT_FALSE(other.verifies("m", signature)) << i;
    } catch (const Error&) {
    }
    EXPECT_NE(public_complaint(to_pem("PUBLIC KEY", der.substr(0, i))), "")
        << i;
  }
}

}  // namespace
}  // namespace skerry::registry
