#include "core/auth/password.h"

#include <fmt/format.h>
#include <sodium.h>

#include "core/auth/hmac.h"
#include "core/error.h"
#include "core/os/random.h"
#include "core/text/encoding.h"

namespace skerry::auth {
namespace {

constexpr std::size_t kMemoryKiB = 19456;
constexpr unsigned long long kPasses = 2;
constexpr int kLanes = 1;  // libsodium has no other number
constexpr std::size_t kSaltBytes = crypto_pwhash_argon2id_SALTBYTES;
constexpr std::size_t kHashBytes = 32;
constexpr int kAtOnce = 2;
constexpr int kMostWaiting = 32;

// The PHC string format has base64 without padding.
std::string unpadded(std::string text) {
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::optional<std::string> from_unpadded(std::string text) {
  while (text.size() % 4 != 0) text += '=';
  return from_base64(text);
}

std::string prefix() {
  return fmt::format("$argon2id$v=19$m={},t={},p={}$", kMemoryKiB, kPasses,
                     kLanes);
}

}  // namespace

// Holds one of the places at the hash function.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    MutexLock lock(hasher_.mutex_);
    if (hasher_.waiting_ >= kMostWaiting) {
      fail(ErrorCode::busy, "too many people sign in at once; try again");
    }
    ++hasher_.waiting_;
    while (hasher_.running_ >= kAtOnce) hasher_.freed_.wait(hasher_.mutex_);
    --hasher_.waiting_;
    ++hasher_.running_;
  }
  ~Turn() {
    MutexLock lock(hasher_.mutex_);
    --hasher_.running_;
    hasher_.freed_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

std::string PasswordHasher::compute(std::string_view password,
                                    const std::string& salt) {
  const Turn turn(*this);
  std::string hash(kHashBytes, '\0');
  const auto* salt_bytes = reinterpret_cast<const unsigned char*>(salt.data());
  if (sodium_init() < 0 ||
      crypto_pwhash_argon2id(
          reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
          password.data(), password.size(), salt_bytes, kPasses,
          kMemoryKiB * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
    fail(ErrorCode::unavailable, "{} KiB of memory for a password are not to "
                                 "be had", kMemoryKiB);
  }
  return hash;
}

std::string PasswordHasher::hash(std::string_view password) {
  const std::string salt = random_bytes(kSaltBytes);
  return prefix() + unpadded(to_base64(salt)) + "$" +
         unpadded(to_base64(compute(password, salt)));
}

bool PasswordHasher::verify(std::string_view password,
                            std::string_view encoded) {
  const std::string lead = prefix();
  if (!encoded.starts_with(lead)) return false;
  encoded.remove_prefix(lead.size());
  const std::size_t dollar = encoded.find('$');
  if (dollar == std::string_view::npos) return false;
  const auto salt = from_unpadded(std::string(encoded.substr(0, dollar)));
  const auto hash = from_unpadded(std::string(encoded.substr(dollar + 1)));
  if (!salt || !hash || salt->size() != kSaltBytes) return false;
  return equal_in_constant_time(compute(password, *salt), *hash);
}

void PasswordHasher::verify_nothing(std::string_view password) {
  compute(password, std::string(kSaltBytes, 'x'));
}

void check_password(std::string_view password) {
  if (password.size() < 8 || password.size() > 256) {
    fail(ErrorCode::invalid, "a password has 8 to 256 characters");
  }
}

}  // namespace skerry::auth
