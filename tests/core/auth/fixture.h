// Accounts in a scratch database, with a clock that the test moves.
#pragma once

#include <map>
#include <string>

#include "core/auth/first_boot.h"
#include "core/auth/projects.h"
#include "core/auth/schema.h"
#include "core/auth/scopes.h"
#include "core/auth/service.h"
#include "core/auth/tokens.h"
#include "core/events/event_log.h"
#include "core/os/fake_clock.h"
#include "core/temp.h"
#include "core/text/encoding.h"

namespace skerry::test {

struct Accounts {
  Accounts() {
    db.migrate("events", EventLog::migrations());
    db.migrate("settings", Settings::migrations());
    db.migrate("accounts", auth::migrations());
    settings.declare(auth::Service::settings());
    settings.load();
    settings.attach(db, std::string(32, 's'));
  }

  // Users of the test have the password "<name>-password".
  static std::string password_of(std::string_view name) {
    return std::string(name) + "-password";
  }
  http::Identity add_user(const std::string& name, bool server_admin = false) {
    // Hashing is slow on purpose; once for each name is enough.
    static std::map<std::string, std::string> hashes;
    std::string& hash = hashes[name];
    if (hash.empty()) hash = service.passwords().hash(password_of(name));
    const auto row = db.write([&](Transaction& tx) {
      return auth::insert_user(tx, {name, "", hash, server_admin}, clock.now());
    });
    return {row.user.id, name, server_admin};
  }
  void add_project(const std::string& name, bool is_public = false) {
    db.write([&](Transaction& tx) {
      service.create_project(tx, name, "", is_public);
    });
  }
  void add_member(const std::string& project, const http::Identity& who,
                  auth::Role role) {
    db.write([&](Transaction& tx) {
      const auto found = auth::find_project(tx.connection(), project);
      auth::set_member(tx, found->id, who.user_id, role);
    });
  }
  std::string add_token(const http::Identity& owner,
                        std::vector<std::string> scopes,
                        std::optional<UnixMillis> expires = {}) {
    auth::Token token;
    token.name = "t";
    token.user_id = owner.user_id;
    token.scopes = std::move(scopes);
    token.expires = expires;
    return db.write([&](Transaction& tx) {
      return auth::insert_token(tx, token, clock.now()).secret;
    });
  }
  std::string add_robot(std::vector<std::string> scopes) {
    return db.write([&](Transaction& tx) {
      return service.create_robot_token(tx, "ci", scopes, {}).secret;
    });
  }

  static http::Request request(std::string method = "GET") {
    http::Request made;
    made.method = std::move(method);
    made.remote_address = "192.0.2.1";
    return made;
  }
  http::Identity identify(const std::string& authorization) {
    auto made = request();
    made.headers.emplace_back("Authorization", authorization);
    return service.identify(made);
  }
  http::Identity with_basic(const std::string& user, const std::string& secret) {
    return identify("Basic " + to_base64(user + ":" + secret));
  }
  http::Identity with_bearer(const std::string& token) {
    return identify("Bearer " + token);
  }

  Scratch scratch;
  FakeClock clock{1'800'000'000'000};
  Database db{scratch / "test.db"};
  Settings settings{scratch / "none.yaml", {}};
  EventLog events{db, clock};
  auth::Service service{db, clock, settings, std::string(32, 'k')};
};

// The status of the ProtocolError that `action` throws; 0 for none.
template <typename F>
int status_of(F action) {
  try {
    action();
  } catch (const http::ProtocolError& error) {
    return error.status();
  }
  return 0;
}

}  // namespace skerry::test
