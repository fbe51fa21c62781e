#include "signatures/encrypted_key.h"

#include "core/error.h"
#include "core/os/random.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "signatures/sodium.h"

namespace skerry::registry {
namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kSalt = 32;
constexpr std::size_t kLongestSalt = 1024;
// cosign's key takes 64 MiB and N * r * p = 2^19.
constexpr std::uint64_t kMostMemory = 256u << 20;
constexpr std::uint64_t kMostWork = 1u << 23;

const Json& member(const Json& object, const char* name) {
  const auto it = object.is_object() ? object.find(name) : object.end();
  if (it == object.end()) {
    fail(ErrorCode::invalid, "the encrypted key has no '{}'", name);
  }
  return *it;
}

std::string bytes_at(const Json& object, const char* name) {
  const auto& value = member(object, name);
  auto bytes = value.is_string()
                   ? from_base64(value.get_ref<const std::string&>())
                   : std::nullopt;
  if (!bytes) {
    fail(ErrorCode::invalid, "'{}' of the encrypted key is not base64", name);
  }
  return std::move(*bytes);
}

void require_name(const Json& object, const char* expected) {
  const auto& name = member(object, "name");
  if (name != expected) {
    fail(ErrorCode::invalid,
         "the key is encrypted with {}; only {} is supported",
         name.dump().substr(0, 80), expected);
  }
}

std::uint64_t number_at(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (!value.is_number_unsigned()) {
    fail(ErrorCode::invalid, "'{}' of the encrypted key is no number", name);
  }
  return value.get<std::uint64_t>();
}

ScryptCost cost_of(const Json& params) {
  const auto n = number_at(params, "N");
  const auto r = number_at(params, "r");
  const auto p = number_at(params, "p");
  if (n < 2 || (n & (n - 1)) != 0 || r < 1 || p < 1) {
    fail(ErrorCode::invalid, "scrypt cannot have N={} r={} p={}", n, r, p);
  }
  constexpr std::uint64_t kMost = 1u << 24;  // no product below overflows
  if (n > kMost || r > kMost || p > 1024 || n * r * 128 > kMostMemory ||
      n * r * p > kMostWork) {
    fail(ErrorCode::too_large,
         "scrypt with N={} r={} p={} costs more than any tool asks for", n, r,
         p);
  }
  return {n, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(p)};
}

}  // namespace

std::string decrypt_key(std::string_view document, std::string_view password) {
  const Json json = parse_json(document, kDeepest);
  const auto& kdf = member(json, "kdf");
  const auto& cipher = member(json, "cipher");
  require_name(kdf, "scrypt");
  require_name(cipher, "nacl/secretbox");
  const auto cost = cost_of(member(kdf, "params"));
  const auto salt = bytes_at(kdf, "salt");
  const auto nonce = bytes_at(cipher, "nonce");
  if (salt.size() > kLongestSalt || nonce.size() != kSecretboxNonce) {
    fail(ErrorCode::invalid,
         "the salt or the nonce of the encrypted key has a wrong length");
  }
  auto plain = open_with_password(bytes_at(json, "ciphertext"), password, salt,
                                  cost, nonce);
  if (!plain) {
    fail(ErrorCode::denied, "the key's password is wrong, or it was changed");
  }
  return std::move(*plain);
}

std::string encrypt_key(std::string_view pkcs8, std::string_view password) {
  const ScryptCost cost;
  const auto salt = random_bytes(kSalt);
  const auto nonce = random_bytes(kSecretboxNonce);
  return fmt::format(
      R"({{"kdf":{{"name":"scrypt","params":{{"N":{},"r":{},"p":{}}},)"
      R"("salt":"{}"}},"cipher":{{"name":"nacl/secretbox","nonce":"{}"}},)"
      R"("ciphertext":"{}"}})",
      cost.n, cost.r, cost.p, to_base64(salt), to_base64(nonce),
      to_base64(seal_with_password(pkcs8, password, salt, cost, nonce)));
}

}  // namespace skerry::registry
