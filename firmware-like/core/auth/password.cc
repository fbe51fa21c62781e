#include "core/auth/password.h"

#include <argon2.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include "core/auth/hmac.h"
#include "core/error.h"
#include "core/os/random.h"
#include "core/text/encoding.h"

namespace skerry::auth {
namespace {

constexpr std::uint32_t kMemoryKiB = 19456;
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr int kAtOnce = 2;
constexpr int kMostWaiting = 32;

// malloc would keep the 19 MiB for later.
int map_memory(std::uint8_t** memory, std::size_t size) {
  void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return ARGON2_MEMORY_ALLOCATION_ERROR;
  *memory = static_cast<std::uint8_t*>(mapped);
  return ARGON2_OK;
}

void unmap_memory(std::uint8_t* memory, std::size_t size) {
  ::munmap(memory, size);
}

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
  std::string password_copy(password), salt_copy(salt);
  argon2_context context{};
  context.out = reinterpret_cast<std::uint8_t*>(hash.data());
  context.outlen = kHashBytes;
  context.pwd = reinterpret_cast<std::uint8_t*>(password_copy.data());
  context.pwdlen = static_cast<std::uint32_t>(password_copy.size());
  context.salt = reinterpret_cast<std::uint8_t*>(salt_copy.data());
  context.saltlen = static_cast<std::uint32_t>(salt_copy.size());
  context.t_cost = kPasses;
  context.m_cost = kMemoryKiB;
  context.lanes = kLanes;
  context.threads = 1;
  context.version = ARGON2_VERSION_13;
  context.allocate_cbk = map_memory;
  context.free_cbk = unmap_memory;
  context.flags = ARGON2_DEFAULT_FLAGS;
  if (const int status = argon2id_ctx(&context); status != ARGON2_OK) {
    fail(ErrorCode::internal, "argon2: {}", argon2_error_message(status));
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
  if (!salt || !hash || salt->size() < ARGON2_MIN_SALT_LENGTH) return false;
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
