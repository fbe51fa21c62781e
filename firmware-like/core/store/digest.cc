#include "core/store/digest.h"

// OpenSSL is linked for its SHA-2 alone: the low-level functions choose SHA-NI,
// AVX2 or ARMv8 code at run time and pull in nothing else of the library.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <variant>

#include "core/text/encoding.h"

namespace skerry {
namespace {

std::size_t hex_length(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::sha256 ? 64 : 128;
}

std::string_view name_of(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::sha256 ? "sha256" : "sha512";
}

}  // namespace

std::optional<Digest> Digest::parse(std::string_view text) {
  for (const auto algorithm :
       {DigestAlgorithm::sha256, DigestAlgorithm::sha512}) {
    const std::string_view name = name_of(algorithm);
    if (text.size() != name.size() + 1 + hex_length(algorithm) ||
        text.substr(0, name.size()) != name || text[name.size()] != ':') {
      continue;
    }
    const std::string_view hex = text.substr(name.size() + 1);
    if (hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
      return std::nullopt;
    }
    return Digest{algorithm, std::string(hex)};
  }
  return std::nullopt;
}

std::string Digest::to_string() const {
  std::string text(name_of(algorithm));
  text += ':';
  return text + hex;
}

struct Hasher::State {
  std::variant<SHA256_CTX, SHA512_CTX> context;
};

Hasher::Hasher(DigestAlgorithm algorithm) : state_(std::make_unique<State>()) {
  if (algorithm == DigestAlgorithm::sha256) {
    SHA256_Init(&state_->context.emplace<SHA256_CTX>());
  } else {
    SHA512_Init(&state_->context.emplace<SHA512_CTX>());
  }
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) {
  if (auto* sha256 = std::get_if<SHA256_CTX>(&state_->context)) {
    SHA256_Update(sha256, bytes.data(), bytes.size());
  } else {
    SHA512_Update(&std::get<SHA512_CTX>(state_->context), bytes.data(),
                  bytes.size());
  }
}

Digest Hasher::finish() {
  unsigned char hash[SHA512_DIGEST_LENGTH];
  const auto hex = [&](std::size_t size) {
    return to_hex(std::string_view(reinterpret_cast<char*>(hash), size));
  };
  if (auto* sha256 = std::get_if<SHA256_CTX>(&state_->context)) {
    SHA256_Final(hash, sha256);
    return {DigestAlgorithm::sha256, hex(SHA256_DIGEST_LENGTH)};
  }
  SHA512_Final(hash, &std::get<SHA512_CTX>(state_->context));
  return {DigestAlgorithm::sha512, hex(SHA512_DIGEST_LENGTH)};
}

Digest digest_of(std::string_view bytes, DigestAlgorithm algorithm) {
  Hasher hasher(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

}  // namespace skerry
