// Who asks: passwords, tokens, sessions.
#include <sys/stat.h>

#include "core/auth/fixture.h"

namespace skerry::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::Accounts;
using test::status_of;

TEST(Identify, KnowsPasswords) {
  Accounts accounts;
  accounts.add_user("bob");
  const auto bob = accounts.with_basic("bob", "bob-password");
  EXPECT_EQ(bob.name, "bob");
  EXPECT_FALSE(bob.server_admin);
  EXPECT_TRUE(bob.token_scopes.empty());
  EXPECT_TRUE(accounts.service.identify(Accounts::request()).anonymous());
  EXPECT_TRUE(accounts.with_basic("", "").anonymous());
}

TEST(Identify, RefusesWhatIsWrong) {
  Accounts accounts;
  accounts.add_user("bob");
  for (const char* authorization :
       {"Basic", "Basic !!", "Basic Ym9i" /* bob, no colon */, "Digest x",
        "Bearer ", "Bearer nonsense", "Bearer skp_unknown", "Bearer sks_x.y",
        "x", ""}) {
    EXPECT_EQ(status_of([&] { accounts.identify(authorization); }), 401)
        << authorization;
  }
  EXPECT_EQ(status_of([&] { accounts.with_basic("bob", "wrong"); }), 401);
  EXPECT_EQ(status_of([&] { accounts.with_basic("eve", "wrong"); }), 401);
  EXPECT_EQ(status_of([&] { accounts.with_basic("bob", "skp_unknown"); }), 401);
}

TEST(Identify, SlowsDownGuessing) {
  Accounts accounts;
  accounts.add_user("bob");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(status_of([&] { accounts.with_basic("bob", "guess"); }), 401);
  }
  try {
    accounts.with_basic("bob", "bob-password");
    FAIL() << "the right password must wait as well";
  } catch (const http::ProtocolError& error) {
    EXPECT_EQ(error.status(), 429);
    ASSERT_EQ(error.headers().size(), 1u);
    EXPECT_EQ(error.headers()[0].first, "Retry-After");
    EXPECT_EQ(error.headers()[0].second, "1");
  }
  accounts.clock.advance(seconds(1));
  EXPECT_EQ(accounts.with_basic("bob", "bob-password").name, "bob");
  // Known for a minute: a guesser at the same address does not lock bob out.
  for (int i = 0; i < 10; ++i) {
    status_of([&] { accounts.with_basic("bob", "guess"); });
  }
  EXPECT_EQ(accounts.with_basic("bob", "bob-password").name, "bob");
}

TEST(Identify, ForgetsAPasswordThatChanged) {
  Accounts accounts;
  accounts.add_user("root", true);
  accounts.add_user("bob");
  accounts.with_basic("bob", "bob-password");
  UserChange change;
  change.password_hash = accounts.service.passwords().hash("another one");
  accounts.db.write([&](Transaction& tx) { change_user(tx, "bob", change); });
  EXPECT_EQ(status_of([&] { accounts.with_basic("bob", "bob-password"); }), 401);
  EXPECT_EQ(accounts.with_basic("bob", "another one").name, "bob");
  UserChange disable;
  disable.disabled = true;
  accounts.db.write([&](Transaction& tx) { change_user(tx, "bob", disable); });
  EXPECT_EQ(status_of([&] { accounts.with_basic("bob", "another one"); }), 401);
}

TEST(Identify, KnowsTokensAsBearerAndAsPassword) {
  Accounts accounts;
  const auto root = accounts.add_user("root", true);
  const std::string secret = accounts.add_token(root, {"write"});
  EXPECT_TRUE(secret.starts_with("skp_"));
  for (const auto& who : {accounts.with_bearer(secret),
                          accounts.with_basic("root", secret),
                          accounts.with_basic("oauth2", secret)}) {
    EXPECT_EQ(who.name, "root");
    EXPECT_EQ(who.token_scopes, std::vector<std::string>{"write"});
    EXPECT_FALSE(who.server_admin);  // the token is narrower
  }
  EXPECT_TRUE(
      accounts.with_bearer(accounts.add_token(root, {"admin"})).server_admin);
  const auto robot =
      accounts.with_basic("x", [&] {
        accounts.add_project("demo");
        return accounts.add_robot({"project:demo:developer"});
      }());
  EXPECT_EQ(robot.name, "robot$ci");
  EXPECT_LT(robot.user_id, 0);
  EXPECT_FALSE(robot.anonymous());
}

TEST(Identify, SaysThatATokenExpired) {
  Accounts accounts;
  const auto bob = accounts.add_user("bob");
  const std::string secret =
      accounts.add_token(bob, {"read"}, accounts.clock.now() + 60'000);
  EXPECT_EQ(accounts.with_bearer(secret).name, "bob");
  accounts.clock.advance(minutes(1));
  try {
    accounts.with_bearer(secret);
    FAIL();
  } catch (const http::ProtocolError& error) {
    EXPECT_EQ(error.status(), 401);
    EXPECT_NE(error.message().find("expired at 2027-01-15T"),
              std::string::npos)
        << error.message();
  }
  EXPECT_FALSE(accounts.service.check_credentials("bob", secret, "a"));
}

TEST(Session, LastsAsLongAsItShould) {
  Accounts accounts;
  accounts.add_user("bob");
  const auto session = accounts.service.sign_in("bob", "bob-password", "a");
  auto request = Accounts::request();
  request.headers.emplace_back("Cookie",
                               "a=b; skerry_session=" + session.cookie + ";c");
  EXPECT_EQ(accounts.service.identify(request).name, "bob");
  EXPECT_EQ(accounts.service.csrf_of(request), session.csrf);
  // In use it goes on, until its lifetime ends.
  for (int hour = 0; hour < 161; hour += 7) {
    accounts.clock.advance(hours(7));
    EXPECT_EQ(accounts.service.identify(request).name, "bob") << hour;
  }
  accounts.clock.advance(hours(7));
  EXPECT_EQ(status_of([&] { accounts.service.identify(request); }), 401);
}

TEST(Session, EndsWhenIdleSignedOutOrDisabled) {
  Accounts accounts;
  accounts.add_user("root", true);
  accounts.add_user("bob");
  const auto request_of = [](const std::string& cookie) {
    auto request = Accounts::request();
    request.headers.emplace_back("Cookie", "skerry_session=" + cookie);
    return request;
  };
  const auto sign_in = [&] {
    return request_of(
        accounts.service.sign_in("bob", "bob-password", "a").cookie);
  };
  const auto idle = sign_in();
  accounts.clock.advance(hours(8) + minutes(1));
  EXPECT_EQ(status_of([&] { accounts.service.identify(idle); }), 401);

  const auto left = sign_in();
  accounts.service.sign_out(left);
  EXPECT_EQ(status_of([&] { accounts.service.identify(left); }), 401);

  const auto disabled = sign_in();
  UserChange change;
  change.disabled = true;
  accounts.db.write([&](Transaction& tx) { change_user(tx, "bob", change); });
  EXPECT_EQ(status_of([&] { accounts.service.identify(disabled); }), 401);
  EXPECT_EQ(status_of([&] { accounts.service.identify(request_of("forged")); }),
            401);
}

TEST(Session, ChangesNothingWithoutItsCsrfToken) {
  Accounts accounts;
  accounts.add_user("bob");
  const auto session = accounts.service.sign_in("bob", "bob-password", "a");
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    auto request = Accounts::request(method);
    request.headers.emplace_back("Cookie", "skerry_session=" + session.cookie);
    EXPECT_EQ(status_of([&] { accounts.service.identify(request); }), 403);
    request.headers.emplace_back("X-Skerry-CSRF", "wrong");
    EXPECT_EQ(status_of([&] { accounts.service.identify(request); }), 403);
    request.headers.back().second = session.csrf;
    EXPECT_EQ(accounts.service.identify(request).name, "bob");
  }
}

TEST(Session, IsNotMadeWithAToken) {
  Accounts accounts;
  const auto bob = accounts.add_user("bob");
  const std::string token = accounts.add_token(bob, {"read"});
  EXPECT_EQ(status_of([&] { accounts.service.sign_in("bob", token, "a"); }),
            401);
}

TEST(FirstBoot, MakesTheAdminOnce) {
  Accounts accounts;
  const auto file =
      ensure_admin(accounts.service, accounts.db, accounts.scratch.path(), {});
  ASSERT_TRUE(file);
  struct stat status {};
  ::stat(file->c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  std::string password = read_file(*file);
  password.pop_back();
  EXPECT_TRUE(accounts.with_basic("admin", password).server_admin);
  EXPECT_FALSE(ensure_admin(accounts.service, accounts.db,
                            accounts.scratch.path(), "other password"));
  EXPECT_TRUE(accounts.with_basic("admin", password).server_admin);
}

TEST(FirstBoot, TakesAGivenPassword) {
  Accounts accounts;
  EXPECT_EQ(test::code_of([&] {
              ensure_admin(accounts.service, accounts.db,
                           accounts.scratch.path(), "short");
            }),
            ErrorCode::invalid);
  EXPECT_FALSE(ensure_admin(accounts.service, accounts.db,
                            accounts.scratch.path(), "given password"));
  EXPECT_TRUE(accounts.with_basic("admin", "given password").server_admin);
  EXPECT_FALSE(std::filesystem::exists(accounts.scratch / "admin-password"));
}

}  // namespace
}  // namespace skerry::auth
