#include "core/auth/credential_cache.h"

#include "core/auth/hmac.h"
#include "core/os/random.h"

namespace skerry::auth {
namespace {

constexpr UnixMillis kLifetime = 60'000;
constexpr std::size_t kMost = 1024;

}  // namespace

CredentialCache::CredentialCache(const Clock& clock)
    : clock_(clock), key_(random_bytes(32)) {}

std::string CredentialCache::key_of(std::string_view user,
                                    std::string_view password) const {
  std::string message(user);
  message += '\0';
  return hmac_sha256(key_, message.append(password));
}

std::optional<CredentialCache::Entry> CredentialCache::find(
    std::string_view user, std::string_view password) const {
  const std::string key = key_of(user, password);
  MutexLock lock(mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || found->second.expires <= clock_.now()) {
    return std::nullopt;
  }
  return found->second.entry;
}

void CredentialCache::add(std::string_view user, std::string_view password,
                          const Entry& entry) {
  const std::string key = key_of(user, password);
  const UnixMillis now = clock_.now();
  MutexLock lock(mutex_);
  if (kept_.size() >= kMost) {
    std::erase_if(kept_, [now](const auto& e) { return e.second.expires <= now; });
  }
  if (kept_.size() >= kMost) kept_.clear();
  kept_[key] = {entry, now + kLifetime};
}

}  // namespace skerry::auth
