#include "core/auth/sessions.h"

#include "core/auth/tokens.h"
#include "core/os/random.h"
#include "core/text/encoding.h"

namespace skerry::auth {
namespace {

constexpr int kMostOfOneUser = 50;  // the oldest go first

}  // namespace

std::string insert_session(Transaction& tx, std::int64_t user_id,
                           std::int64_t epoch, const SessionLimits& limits,
                           UnixMillis now) {
  tx.run("delete from session where last_seen < ? or created < ?",
         now - limits.idle, now - limits.absolute);
  tx.run(
      "delete from session where user_id = ?1 and secret_hash not in "
      "(select secret_hash from session where user_id = ?1 "
      "order by created desc limit ?2)",
      user_id, kMostOfOneUser - 1);
  std::string cookie = to_base64url(random_bytes(32));
  tx.run(
      "insert into session (secret_hash, user_id, epoch, created, last_seen) "
      "values (?, ?, ?, ?, ?)",
      hash_secret(cookie), user_id, epoch, now, now);
  return cookie;
}

std::optional<Session> find_session(Connection& db, std::string_view cookie) {
  Rows rows = db.query(
      "select user_id, epoch, created, last_seen from session "
      "where secret_hash = ?",
      hash_secret(cookie));
  if (!rows.next()) return std::nullopt;
  return Session{rows.integer(0), rows.integer(1), rows.integer(2),
                 rows.integer(3)};
}

void touch_session(Transaction& tx, std::string_view cookie, UnixMillis now) {
  tx.run("update session set last_seen = ? where secret_hash = ?", now,
         hash_secret(cookie));
}

void remove_session(Transaction& tx, std::string_view cookie) {
  tx.run("delete from session where secret_hash = ?", hash_secret(cookie));
}

}  // namespace skerry::auth
