// Rows of cookie sessions. Only the SHA-256 of the cookie is stored. Called
// within a read or a write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/auth/accounts.h"

namespace skerry::auth {

struct Session {
  std::int64_t user_id = 0;
  std::int64_t epoch = 0;
  UnixMillis created = 0;
  UnixMillis last_seen = 0;
};

struct SessionLimits {
  UnixMillis idle = 0;      // without a request
  UnixMillis absolute = 0;  // since the sign-in
  bool expired(const Session& session, UnixMillis now) const {
    return now - session.last_seen >= idle ||
           now - session.created >= absolute;
  }
};

// The cookie's value: 256 random bits. Also clears sessions that are over.
std::string insert_session(Transaction& tx, std::int64_t user_id,
                           std::int64_t epoch, const SessionLimits& limits,
                           UnixMillis now);
std::optional<Session> find_session(Connection& db, std::string_view cookie);
void touch_session(Transaction& tx, std::string_view cookie, UnixMillis now);
void remove_session(Transaction& tx, std::string_view cookie);

}  // namespace skerry::auth
