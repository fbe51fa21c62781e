// Slows down guessing: after a few failures each further one doubles the time
// until the next try, for the pair of user and address and, more patiently,
// for the address alone.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "core/os/clock.h"
#include "core/os/mutex.h"

namespace skerry::auth {

// Thread-safe. Remembers a bounded number of pairs. An IPv6 address counts as
// its /64 network.
class LoginThrottle {
 public:
  explicit LoginThrottle(const Clock& clock) : clock_(clock) {}

  // How long until the next try; zero when it may be now.
  std::chrono::milliseconds wait(std::string_view user,
                                 std::string_view address) const;
  void failed(std::string_view user, std::string_view address);
  // Forgets the pair's failures; the address keeps its own, or signing in to
  // one's own account would buy guesses at another.
  void succeeded(std::string_view user, std::string_view address);

 private:
  struct Failures {
    int count = 0;
    UnixMillis last = 0;
    UnixMillis blocked_until = 0;
  };
  using Key = std::pair<std::string, std::string>;  // user ("": any), network
  void add_failure(const Key& key, int free_tries) REQUIRES(mutex_);
  void forget_old() REQUIRES(mutex_);

  const Clock& clock_;
  mutable Mutex mutex_;
  std::map<Key, Failures> failures_ GUARDED_BY(mutex_);
};

}  // namespace skerry::auth
