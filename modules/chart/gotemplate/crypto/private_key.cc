#include "gotemplate/crypto/private_key.h"

#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/error.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/rsa.h>
#include <sodium.h>

#include <algorithm>

#include "gotemplate/crypto/der.h"
#include "gotemplate/error.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kSeedBytes = crypto_sign_SEEDBYTES;
// PKCS #8 up to the seed of Ed25519, and SubjectPublicKeyInfo up to the point.
constexpr std::string_view kEd25519Private(
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::string_view kEd25519Public(
    "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

std::string reason(int status) {
  std::string text(128, '\0');
  mbedtls_strerror(status, text.data(), text.size());
  return text.c_str();
}

void check(int status, std::string_view what) {
  if (status < 0) fail_call("{}: {}", what, reason(status));
}

// mbedTLS asks for randomness through a callback.
int draw(void* context, unsigned char* output, std::size_t size) {
  auto& random = *static_cast<const RandomBytes*>(context);
  std::string bytes = random(size);
  std::copy(bytes.begin(), bytes.end(), output);
  return 0;
}

void* context_of(const RandomBytes& random) {
  return const_cast<RandomBytes*>(&random);
}

const unsigned char* unsigned_bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* unsigned_bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

// mbedTLS writes DER to the end of the buffer.
template <typename Write>
std::string written(Write write, const mbedtls_pk_context& key) {
  std::string buffer(8192, '\0');
  int size = write(&key, unsigned_bytes(buffer), buffer.size());
  check(size, "a key cannot be written");
  std::string made = buffer.substr(buffer.size() - static_cast<std::size_t>(size));
  mbedtls_platform_zeroize(buffer.data(), buffer.size());
  return made;
}

struct KeyPair {
  std::string point, secret;
};
KeyPair pair_of(const std::string& seed) {
  KeyPair pair{std::string(crypto_sign_PUBLICKEYBYTES, '\0'),
               std::string(crypto_sign_SECRETKEYBYTES, '\0')};
  crypto_sign_seed_keypair(unsigned_bytes(pair.point),
                           unsigned_bytes(pair.secret), unsigned_bytes(seed));
  return pair;
}

}  // namespace

PrivateKey::PrivateKey() { mbedtls_pk_init(&key_); }

PrivateKey::PrivateKey(PrivateKey&& other) noexcept
    : key_(other.key_), seed_(std::move(other.seed_)) {
  mbedtls_pk_init(&other.key_);
}

PrivateKey::~PrivateKey() {
  mbedtls_pk_free(&key_);
  mbedtls_platform_zeroize(seed_.data(), seed_.size());
}

PrivateKey PrivateKey::make_rsa(unsigned bits, const RandomBytes& random) {
  constexpr int kExponent = 65537;
  PrivateKey made;
  check(mbedtls_pk_setup(&made.key_, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)),
        "error generating rsa key");
  check(mbedtls_rsa_gen_key(mbedtls_pk_rsa(made.key_), draw,
                            context_of(random), bits, kExponent),
        "error generating rsa key");
  return made;
}

PrivateKey PrivateKey::make_p256(const RandomBytes& random) {
  PrivateKey made;
  check(mbedtls_pk_setup(&made.key_,
                         mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)),
        "failed to generate private key");
  check(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(made.key_),
                            draw, context_of(random)),
        "failed to generate private key");
  return made;
}

PrivateKey PrivateKey::make_ed25519(const RandomBytes& random) {
  PrivateKey made;
  made.seed_ = random(kSeedBytes);
  return made;
}

PrivateKey PrivateKey::parse(std::string_view bytes,
                             std::string_view complaint,
                             const RandomBytes& random) {
  PrivateKey made;
  bool is_ed25519 = bytes.starts_with(kEd25519Private) &&
                    bytes.size() == kEd25519Private.size() + kSeedBytes;
  if (is_ed25519) {
    made.seed_ = bytes.substr(kEd25519Private.size());
    return made;
  }
  int status = mbedtls_pk_parse_key(&made.key_, unsigned_bytes(bytes),
                                    bytes.size(), nullptr, 0, draw,
                                    context_of(random));
  if (status < 0) fail_call("{}: {}", complaint, reason(status));
  return made;
}

PrivateKey PrivateKey::from_pem(std::string_view text,
                                const RandomBytes& random) {
  constexpr std::string_view kSuffix = " PRIVATE KEY";
  auto block = der::decode_pem(text);
  if (!block) fail_call("no PEM data in input");
  if (block->type == "PRIVATE KEY") {
    return parse(block->bytes, "decoding PEM as PKCS#8", random);
  }
  if (!block->type.ends_with(kSuffix)) {
    fail_call("no private key data in PEM block of type {}", block->type);
  }
  auto kind = block->type.substr(0, block->type.size() - kSuffix.size());
  if (kind == "RSA" || kind == "EC") {
    return parse(block->bytes,
                 fmt::format("parsing {} private key from PEM", kind), random);
  }
  if (kind == "DSA") fail_call("DSA keys are not supported by Skerry");
  fail_call("invalid private key type {}", block->type);
}

std::string PrivateKey::to_pem() const {
  if (is_ed25519()) {
    return der::encode_pem("PRIVATE KEY",
                           std::string(kEd25519Private) + seed_);
  }
  bool is_rsa = mbedtls_pk_get_type(&key_) == MBEDTLS_PK_RSA;
  return der::encode_pem(is_rsa ? "RSA PRIVATE KEY" : "EC PRIVATE KEY",
                         written(mbedtls_pk_write_key_der, key_));
}

std::string PrivateKey::public_der() const {
  if (is_ed25519()) return std::string(kEd25519Public) + pair_of(seed_).point;
  return written(mbedtls_pk_write_pubkey_der, key_);
}

mbedtls_md_type_t PrivateKey::hash() const {
  if (mbedtls_pk_get_type(&key_) == MBEDTLS_PK_RSA) return MBEDTLS_MD_SHA256;
  auto bits = mbedtls_pk_get_bitlen(&key_);
  if (bits <= 256) return MBEDTLS_MD_SHA256;
  return bits <= 384 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA512;
}

std::string PrivateKey::signature_algorithm() const {
  if (is_ed25519()) return der::sequence(der::identifier("\x2b\x65\x70"));
  if (mbedtls_pk_get_type(&key_) == MBEDTLS_PK_RSA) {
    return der::sequence(
        der::identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b") +
        der::element(0x05, ""));
  }
  char last = hash() == MBEDTLS_MD_SHA256   ? '\x02'
              : hash() == MBEDTLS_MD_SHA384 ? '\x03'
                                            : '\x04';
  return der::sequence(
      der::identifier(std::string("\x2a\x86\x48\xce\x3d\x04\x03") + last));
}

std::string PrivateKey::sign(std::string_view bytes,
                             const RandomBytes& random) {
  if (is_ed25519()) {
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(unsigned_bytes(signature), nullptr,
                         unsigned_bytes(bytes), bytes.size(),
                         unsigned_bytes(pair_of(seed_).secret));
    return signature;
  }
  auto* info = mbedtls_md_info_from_type(hash());
  std::string digest(mbedtls_md_get_size(info), '\0');
  check(mbedtls_md(info, unsigned_bytes(bytes), bytes.size(),
                   unsigned_bytes(digest)),
        "error creating certificate");
  std::string signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE, '\0');
  std::size_t size = 0;
  check(mbedtls_pk_sign(&key_, hash(), unsigned_bytes(digest), digest.size(),
                        unsigned_bytes(signature), signature.size(), &size,
                        draw, context_of(random)),
        "error creating certificate");
  signature.resize(size);
  return signature;
}

}  // namespace skerry::chart
