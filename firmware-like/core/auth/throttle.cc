#include "core/auth/throttle.h"

#include <algorithm>

namespace skerry::auth {
namespace {

constexpr int kFreeTries = 5;         // for one user from one address
constexpr int kFreeAddressTries = 30; // for all users from one address
constexpr UnixMillis kLongest = 15 * 60 * 1000;
constexpr UnixMillis kForgottenAfter = 60 * 60 * 1000;
constexpr std::size_t kMostRemembered = 10'000;

}  // namespace

std::chrono::milliseconds LoginThrottle::wait(std::string_view user,
                                              std::string_view address) const {
  MutexLock lock(mutex_);
  UnixMillis until = 0;
  for (const std::string_view name : {user, std::string_view()}) {
    const auto found = failures_.find({std::string(name), std::string(address)});
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
  MutexLock lock(mutex_);
  add_failure({std::string(user), std::string(address)}, kFreeTries);
  add_failure({"", std::string(address)}, kFreeAddressTries);
  if (failures_.size() > kMostRemembered) forget_old();
}

void LoginThrottle::forget_old() {
  const UnixMillis now = clock_.now();
  std::erase_if(failures_, [now](const auto& entry) {
    return now - entry.second.last > kForgottenAfter;
  });
  while (failures_.size() > kMostRemembered) {
    failures_.erase(std::min_element(
        failures_.begin(), failures_.end(), [](const auto& a, const auto& b) {
          return a.second.blocked_until < b.second.blocked_until;
        }));
  }
}

void LoginThrottle::succeeded(std::string_view user, std::string_view address) {
  MutexLock lock(mutex_);
  failures_.erase({std::string(user), std::string(address)});
}

}  // namespace skerry::auth
