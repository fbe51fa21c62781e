#include "core/auth/throttle.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "core/text/encoding.h"

namespace skerry::auth {
namespace {

constexpr int kFreeTries = 5;         // for one user from one address
constexpr int kFreeAddressTries = 30; // for all users from one address
constexpr UnixMillis kLongest = 15 * 60 * 1000;
constexpr UnixMillis kForgottenAfter = 60 * 60 * 1000;
constexpr std::size_t kMostRemembered = 10'000;

// Who has one IPv6 address has 2^64 of them: the network counts.
std::string network_of(std::string_view address) {
  in6_addr parsed{};
  std::string text(address);
  if (inet_pton(AF_INET6, text.c_str(), &parsed) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&parsed)) return text;
  return to_hex({reinterpret_cast<const char*>(parsed.s6_addr), 8});
}

}  // namespace

std::chrono::milliseconds LoginThrottle::wait(std::string_view user,
                                              std::string_view address) const {
  const std::string network = network_of(address);
  MutexLock lock(mutex_);
  UnixMillis until = 0;
  for (const std::string_view name : {user, std::string_view()}) {
    const auto found = failures_.find({std::string(name), network});
    if (found != failures_.end()) {
      until = std::max(until, found->second.blocked_until);
    }
  }
  return std::chrono::milliseconds(
      std::max<UnixMillis>(0, until - clock_.now()));
}

void LoginThrottle::add_failure(const Key& key, int free_tries) {
  Failures& failures = failures_[key];
  const UnixMillis now = clock_.now();
  if (now - failures.last > kForgottenAfter) failures = {};
  ++failures.count;
  failures.last = now;
  const int beyond = failures.count - free_tries;
  if (beyond < 0) return;
  const UnixMillis delay =
      std::min(kLongest, UnixMillis{1000} << std::min(beyond, 20));
  failures.blocked_until = now + delay;
}

void LoginThrottle::failed(std::string_view user, std::string_view address) {
  const std::string network = network_of(address);
  MutexLock lock(mutex_);
  add_failure({std::string(user), network}, kFreeTries);
  add_failure({"", network}, kFreeAddressTries);
  if (failures_.size() > kMostRemembered) forget_old();
}

// First what is long ago, then what need not wait now. An attacker with as many
// addresses as that gains the free tries of each, which he had anyway.
void LoginThrottle::forget_old() {
  const UnixMillis now = clock_.now();
  std::erase_if(failures_, [now](const auto& entry) {
    return now - entry.second.last > kForgottenAfter;
  });
  if (failures_.size() <= kMostRemembered) return;
  std::erase_if(failures_, [now](const auto& entry) {
    return entry.second.blocked_until <= now;
  });
  if (failures_.size() > kMostRemembered) failures_.clear();
}

void LoginThrottle::succeeded(std::string_view user, std::string_view address) {
  const std::string network = network_of(address);
  MutexLock lock(mutex_);
  failures_.erase({std::string(user), network});
}

}  // namespace skerry::auth
