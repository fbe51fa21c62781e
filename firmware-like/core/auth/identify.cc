// Who asks: the half of Service that reads credentials.
#include <fmt/format.h>

#include "core/auth/hmac.h"
#include "core/auth/scopes.h"
#include "core/auth/service.h"
#include "core/auth/signed_token.h"
#include "core/auth/tokens.h"
#include "core/http/headers.h"
#include "core/telemetry/log.h"
#include "core/text/encoding.h"

namespace skerry::auth {
namespace {

using http::Identity;
using http::ProtocolError;
using http::Request;

// How stale the "last used" of a session or token may be: each update is a
// write to disk.
constexpr UnixMillis kSessionTouch = 60'000;
constexpr UnixMillis kTokenTouch = 5 * 60'000;

[[noreturn]] void unauthorized(std::string message) {
  throw ProtocolError(401, "", std::move(message));
}

std::optional<std::string_view> session_cookie(const Request& request) {
  for (const auto& [name, value] : request.headers) {
    if (!http::equal_ignoring_case(name, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = http::trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      if (pair.substr(0, equals) == kSessionCookie) {
        return pair.substr(equals + 1);
      }
    }
  }
  return std::nullopt;
}

bool changes_something(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

bool is_token_secret(std::string_view secret) {
  return secret.starts_with(kPersonalPrefix) ||
         secret.starts_with(kRobotPrefix);
}

Identity identity_of(const User& user, Scopes scopes, std::int64_t token_id) {
  Identity identity;
  identity.user_id = user.id;
  identity.name = user.name;
  identity.server_admin = user.server_admin && scopes_allow_everything(scopes);
  identity.token_scopes = std::move(scopes);
  identity.token_id = token_id;
  return identity;
}

}  // namespace

Identity Service::identify(const Request& request) {
  if (const auto authorization = request.header("Authorization")) {
    return from_authorization(*authorization, request);
  }
  if (const auto cookie = session_cookie(request)) {
    return from_session(*cookie, request);
  }
  return Identity{0, "anonymous"};
}

Identity Service::from_authorization(std::string_view header,
                                     const Request& request) {
  const std::size_t space = std::min(header.find(' '), header.size());
  const std::string_view scheme = header.substr(0, space);
  const std::string_view value = http::trimmed(header.substr(space));
  if (http::equal_ignoring_case(scheme, "Basic")) {
    return from_basic(value, request.remote_address);
  }
  if (!http::equal_ignoring_case(scheme, "Bearer")) {
    unauthorized("sign in with Basic or Bearer credentials");
  }
  if (value.starts_with(kSignedTokenPrefix)) return from_signed(value);
  return from_token(value);
}

Identity Service::from_basic(std::string_view encoded,
                             std::string_view remote_address) {
  const auto pair = from_base64(encoded);
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    unauthorized("the Basic credentials cannot be read");
  }
  const std::string_view user = std::string_view(*pair).substr(0, colon);
  const std::string_view secret = std::string_view(*pair).substr(colon + 1);
  // With a token the name is only a label, as it is elsewhere.
  if (is_token_secret(secret)) return from_token(secret);
  if (user.empty() && secret.empty()) return Identity{0, "anonymous"};
  const auto row = check_password_of(user, secret, remote_address);
  if (!row) unauthorized("the user name or the password is wrong");
  return identity_of(row->user, {}, 0);
}

Identity Service::from_token(std::string_view secret) {
  if (!is_token_secret(secret)) unauthorized("the token is none of ours");
  struct Found {
    std::optional<Token> token;
    std::optional<UserRow> user;
  };
  const Found found = db_.read([&](Connection& db) {
    Found result{find_token(db, secret), std::nullopt};
    if (result.token) result.user = find_user(db, result.token->user_id);
    return result;
  });
  if (!found.token) unauthorized("the token is unknown or was removed");
  const Token& token = *found.token;
  const UnixMillis now = clock_.now();
  if (token.expires && *token.expires <= now) {
    unauthorized(fmt::format("the token '{}' expired at {}; make a new one",
                             token.name, to_rfc3339(*token.expires)));
  }
  if (token.user_id != 0 && (!found.user || found.user->user.disabled)) {
    unauthorized("the token's owner is disabled");
  }
  if (now - token.last_used.value_or(0) > kTokenTouch) {
    db_.write([&](Transaction& tx) { touch_token(tx, token.id, now); });
  }
  if (token.user_id != 0) {
    return identity_of(found.user->user, token.scopes, token.id);
  }
  Identity robot;
  robot.user_id = -token.id;
  robot.name = "robot$" + token.name;
  robot.token_scopes = token.scopes;
  robot.token_id = token.id;
  return robot;
}

Identity Service::from_signed(std::string_view text) {
  const auto claims = verify_claims(key_, text);
  if (!claims) unauthorized("the token is none of ours");
  const UnixMillis now = clock_.now();
  if (claims->expires <= now) unauthorized("the token expired; get a new one");
  const auto holds = [&] {
    if (claims->user_id > 0) {
      const auto row = user_of(claims->user_id);
      if (!row || row->user.disabled || row->epoch != claims->epoch) {
        return false;
      }
    }
    if (claims->token_id == 0) return true;
    const auto token = token_of(claims->token_id);
    return token && token->expires.value_or(INT64_MAX) > now;
  };
  if (!holds()) unauthorized("the account or token it was made for has changed");
  Identity identity;
  identity.user_id = claims->user_id;
  identity.name = claims->name;
  identity.token_scopes = claims->scopes;
  identity.token_id = claims->token_id;
  return identity;
}

Identity Service::from_session(std::string_view cookie,
                               const Request& request) {
  struct Found {
    std::optional<Session> session;
    std::optional<UserRow> user;
  };
  const Found found = db_.read([&](Connection& db) {
    Found result{find_session(db, cookie), std::nullopt};
    if (result.session) result.user = find_user(db, result.session->user_id);
    return result;
  });
  const UnixMillis now = clock_.now();
  if (!found.session || !found.user || found.user->user.disabled ||
      found.session->epoch != found.user->epoch ||
      session_limits().expired(*found.session, now)) {
    unauthorized("the session is over; sign in again");
  }
  if (changes_something(request.method)) {
    const auto sent = request.header(kCsrfHeader);
    if (!sent || !equal_in_constant_time(*sent, csrf_for(cookie))) {
      throw ProtocolError(403, "",
                          fmt::format("a change from the page needs the header "
                                      "{} with the session's token",
                                      kCsrfHeader));
    }
  }
  if (now - found.session->last_seen > kSessionTouch) {
    db_.write([&](Transaction& tx) { touch_session(tx, cookie, now); });
  }
  return identity_of(found.user->user, {}, 0);
}

std::optional<Identity> Service::check_credentials(
    std::string_view user, std::string_view secret,
    std::string_view remote_address) {
  if (is_token_secret(secret)) {
    try {
      return from_token(secret);
    } catch (const ProtocolError&) {
      return std::nullopt;
    }
  }
  const auto row = check_password_of(user, secret, remote_address);
  if (!row) return std::nullopt;
  return identity_of(row->user, {}, 0);
}

void Service::slow_down(std::string_view user, std::string_view address) const {
  const auto wait = throttle_.wait(user, address);
  if (wait.count() <= 0) return;
  const auto seconds = (wait.count() + 999) / 1000;
  throw ProtocolError(
      429, "", fmt::format("too many wrong passwords; wait {} s", seconds),
      {{"Retry-After", std::to_string(seconds)}});
}

std::optional<UserRow> Service::check_password_of(
    std::string_view user, std::string_view password,
    std::string_view remote_address) {
  const auto look_up = [&] {
    return db_.read([&](Connection& db) { return find_user(db, user); });
  };
  auto row = look_up();
  const auto known = cache_.find(user, password);
  if (known && row && !row->user.disabled && row->user.id == known->user_id &&
      row->epoch == known->epoch) {
    return row;
  }
  slow_down(user, remote_address);
  const bool right = row ? passwords_.verify(password, row->password_hash)
                         : (passwords_.verify_nothing(password), false);
  if (!right || row->user.disabled) {
    throttle_.failed(user, remote_address);
    log::warning("sign-in refused",
                 {{"user", user.substr(0, 64)}, {"address", remote_address}});
    return std::nullopt;
  }
  throttle_.succeeded(user, remote_address);
  cache_.add(user, password, {row->user.id, row->epoch});
  return row;
}

Service::SignedIn Service::sign_in(std::string_view user,
                                   std::string_view password,
                                   std::string_view remote_address) {
  auto row = check_password_of(user, password, remote_address);
  if (!row) unauthorized("the user name or the password is wrong");
  const SessionLimits limits = session_limits();
  const UnixMillis now = clock_.now();
  std::string cookie = db_.write([&](Transaction& tx) {
    audit(tx, identity_of(row->user, {}, 0), "session.create", row->user.name,
          remote_address);
    return insert_session(tx, row->user.id, row->epoch, limits, now);
  });
  std::string csrf = csrf_for(cookie);
  return {std::move(*row), std::move(cookie), std::move(csrf), limits.absolute};
}

void Service::sign_out(const Request& request) {
  const auto cookie = session_cookie(request);
  if (!cookie) return;
  db_.write([&](Transaction& tx) { remove_session(tx, *cookie); });
}

std::string Service::display_name_of(const Identity& who) {
  const auto row =
      db_.read([&](Connection& db) { return find_user(db, who.user_id); });
  return row ? row->user.display_name : std::string();
}

std::string Service::csrf_of(const Request& request) const {
  if (request.header("Authorization")) return {};
  const auto cookie = session_cookie(request);
  return cookie ? csrf_for(*cookie) : std::string();
}

std::string Service::csrf_for(std::string_view cookie) const {
  return to_base64url(hmac_sha256(key_, "csrf:" + std::string(cookie)));
}

SessionLimits Service::session_limits() const {
  return {settings_.duration("accounts.session_idle").count(),
          settings_.duration("accounts.session_lifetime").count()};
}

}  // namespace skerry::auth
