#include "core/auth/tokens.h"

#include "core/auth/names.h"
#include "core/auth/projects.h"
#include "core/auth/scopes.h"
#include "core/error.h"
#include "core/os/random.h"
#include "core/store/digest.h"

namespace skerry::auth {
namespace {

// 36 of [a-z0-9]: 186 bits.
constexpr std::size_t kSecretCharacters = 36;
// An expired token stays this long, so that its user is told why it fails.
constexpr UnixMillis kKeptExpired = UnixMillis{30} * 24 * 60 * 60 * 1000;
constexpr std::int64_t kMostTokens = 1000;  // of one user or project

Token token_of(const Rows& rows) {
  Token token;
  token.id = rows.integer(0);
  token.name = rows.text(1);
  token.user_id = rows.integer(2);
  token.scopes = split_scopes(rows.text(3));
  token.created = rows.integer(4);
  token.expires = rows.optional_integer(5);
  token.last_used = rows.optional_integer(6);
  return token;
}

std::optional<std::int64_t> project_id_of(Transaction& tx,
                                          const Token& token) {
  if (token.user_id != 0) return std::nullopt;
  const auto name = single_project(token.scopes);
  if (!name) return std::nullopt;
  const auto project = find_project(tx.connection(), *name);
  if (!project) fail(ErrorCode::not_found, "there is no project '{}'", *name);
  return project->id;
}

void check_count(Transaction& tx, const Token& token,
                 std::optional<std::int64_t> project_id) {
  Rows rows = tx.query(
      "select count(*) from token where user_id = ? or project_id = ?",
      token.user_id, project_id);
  if (rows.next() && rows.integer(0) >= kMostTokens) {
    fail(ErrorCode::too_large, "there are {} tokens already; remove some",
         kMostTokens);
  }
}

}  // namespace

std::string hash_secret(std::string_view secret) {
  return digest_of(secret).hex;
}

Accounts::NewToken insert_token(Transaction& tx, const Token& token,
                                UnixMillis now) {
  const bool robot = token.user_id == 0;
  check_token_name(token.name);
  check_scopes(token.scopes, robot);
  if (token.expires && *token.expires <= now) {
    fail(ErrorCode::invalid, "the token would have expired already");
  }
  tx.run("delete from token where expires < ?", now - kKeptExpired);
  const auto project_id = project_id_of(tx, token);
  check_count(tx, token, project_id);
  const std::string secret =
      std::string(robot ? kRobotPrefix : kPersonalPrefix) +
      random_name(kSecretCharacters);
  tx.run(
      "insert into token (name, user_id, project_id, secret_hash, scopes, "
      "created, expires) values (?, nullif(?, 0), ?, ?, ?, ?, ?)",
      token.name, token.user_id, project_id, hash_secret(secret),
      join_scopes(token.scopes), now, token.expires);
  Accounts::NewToken made{token, secret};
  made.token.id = tx.last_insert_id();
  made.token.created = now;
  return made;
}

std::optional<Token> find_token(Connection& db, std::string_view secret) {
  Rows rows = db.query(
      "select id, name, user_id, scopes, created, expires, last_used "
      "from token where secret_hash = ?",
      hash_secret(secret));
  if (!rows.next()) return std::nullopt;
  return token_of(rows);
}

std::optional<Token> find_token(Connection& db, std::int64_t id) {
  Rows rows = db.query(
      "select id, name, user_id, scopes, created, expires, last_used "
      "from token where id = ?",
      id);
  if (!rows.next()) return std::nullopt;
  return token_of(rows);
}

std::vector<Token> list_user_tokens(Connection& db, std::int64_t user_id) {
  std::vector<Token> tokens;
  Rows rows = db.query(
      "select id, name, user_id, scopes, created, expires, last_used "
      "from token where user_id = ? order by id",
      user_id);
  while (rows.next()) tokens.push_back(token_of(rows));
  return tokens;
}

std::vector<Token> list_project_tokens(Connection& db,
                                       std::int64_t project_id) {
  std::vector<Token> tokens;
  Rows rows = db.query(
      "select id, name, user_id, scopes, created, expires, last_used "
      "from token where project_id = ? order by id",
      project_id);
  while (rows.next()) tokens.push_back(token_of(rows));
  return tokens;
}

bool is_project_token(Connection& db, std::int64_t id,
                      std::int64_t project_id) {
  Rows rows = db.query("select 1 from token where id = ? and project_id = ?",
                       id, project_id);
  return rows.next();
}

void remove_token(Transaction& tx, std::int64_t id) {
  tx.run("delete from token where id = ?", id);
}

void touch_token(Transaction& tx, std::int64_t id, UnixMillis now) {
  tx.run("update token set last_used = ? where id = ?", now, id);
}

}  // namespace skerry::auth
