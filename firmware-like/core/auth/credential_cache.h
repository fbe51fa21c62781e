// Remembers for a minute that a password was right, so that git and docker,
// which send it with every request, do not pay for a hash each time. Keeps no
// password: only a keyed hash, whose key lives as long as the process.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/os/clock.h"
#include "core/os/mutex.h"

namespace skerry::auth {

// Thread-safe.
class CredentialCache {
 public:
  explicit CredentialCache(const Clock& clock);

  struct Entry {
    std::int64_t user_id = 0;
    // The user's credentials at the time; another epoch: another password.
    std::int64_t epoch = 0;
  };
  std::optional<Entry> find(std::string_view user,
                            std::string_view password) const;
  void add(std::string_view user, std::string_view password,
           const Entry& entry);

 private:
  struct Kept {
    Entry entry;
    UnixMillis expires;
  };
  std::string key_of(std::string_view user, std::string_view password) const;

  const Clock& clock_;
  const std::string key_;
  mutable Mutex mutex_;
  std::map<std::string, Kept> kept_ GUARDED_BY(mutex_);
};

}  // namespace skerry::auth
