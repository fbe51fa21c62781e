// Passwords: argon2id (RFC 9106) with 19 MiB, two passes, one lane: the lesser
// of the settings OWASP recommends, for a daemon that idles in 25 MB.
#pragma once

#include <string>
#include <string_view>

#include "core/os/mutex.h"

namespace skerry::auth {

// Thread-safe. At most two hashes are computed at once, and a few callers wait
// for their turn; the next get `busy`. The memory goes back to the system
// after each.
class PasswordHasher {
 public:
  // "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>"
  std::string hash(std::string_view password);
  // False also for an `encoded` that cannot be read.
  bool verify(std::string_view password, std::string_view encoded);
  // Takes as long as verify, so that an unknown name answers like a known one.
  void verify_nothing(std::string_view password);

 private:
  class Turn;
  std::string compute(std::string_view password, const std::string& salt);

  Mutex mutex_;
  Condition freed_;
  int running_ GUARDED_BY(mutex_) = 0;
  int waiting_ GUARDED_BY(mutex_) = 0;
};

// Throws invalid: 8 to 256 bytes.
void check_password(std::string_view password);

}  // namespace skerry::auth
