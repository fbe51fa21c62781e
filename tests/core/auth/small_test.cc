// Names, scopes, signed tokens, throttling, the cache and the hash.
#include "core/auth/credential_cache.h"
#include "core/auth/hmac.h"
#include "core/auth/names.h"
#include "core/auth/password.h"
#include "core/auth/scopes.h"
#include "core/auth/signed_token.h"
#include "core/auth/throttle.h"
#include "core/os/fake_clock.h"
#include "core/temp.h"
#include "core/text/encoding.h"

namespace skerry::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::code_of;

TEST(Names, FollowTheirRules) {
  for (const std::string& good :
       {std::string("a"), std::string("a.b_c-9"), std::string(64, 'a')}) {
    EXPECT_TRUE(is_user_name(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("-a"), std::string("a."), std::string("A"),
        std::string("a b"), std::string("a/b"), std::string("a$b"),
        std::string("é"), std::string(65, 'a')}) {
    EXPECT_FALSE(is_user_name(bad)) << bad;
  }
  for (const std::string& good :
       {std::string("a"), std::string("a-b"), std::string(40, '0')}) {
    EXPECT_TRUE(is_project_name(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("a."), std::string("a_b"), std::string("-"),
        std::string("a-"), std::string(41, 'a'), std::string("..")}) {
    EXPECT_FALSE(is_project_name(bad)) << bad;
  }
}

TEST(Scopes, AreReadOrRefused) {
  check_scopes({"read", "write", "admin", "project:demo:viewer"}, false);
  check_scopes({"project:demo:admin"}, true);
  const std::vector<Scopes> bad = {
      {},        {"all"},
      {"read "}, {"project:demo"},
      {"project:Demo:viewer"}, {"project:demo:owner"},
      {"project::viewer"},     {"repository:demo/x:pull"},
      Scopes(65, "read")};
  for (const Scopes& scopes : bad) {
    EXPECT_EQ(code_of([&] { check_scopes(scopes, false); }),
              ErrorCode::invalid)
        << join_scopes(scopes);
  }
  EXPECT_EQ(code_of([] { check_scopes({"read"}, true); }), ErrorCode::invalid);
}

TEST(Scopes, CutRoles) {
  EXPECT_EQ(role_of_scopes({}, "demo"), Role::admin);
  EXPECT_EQ(role_of_scopes({"read"}, "demo"), Role::viewer);
  EXPECT_EQ(role_of_scopes({"read", "write"}, "demo"), Role::developer);
  EXPECT_EQ(role_of_scopes({"project:demo:maintainer"}, "demo"),
            Role::maintainer);
  EXPECT_EQ(role_of_scopes({"project:demo:maintainer"}, "other"), std::nullopt);
  EXPECT_EQ(role_of_scopes({"repository:demo/x:pull"}, "demo"), std::nullopt);
}

TEST(Scopes, NameRepositories) {
  const Scopes scopes = {"repository:demo/a/b:pull,push", "repository:demo/c:*"};
  EXPECT_TRUE(scopes_allow_repository(scopes, "demo/a/b", "push"));
  EXPECT_FALSE(scopes_allow_repository(scopes, "demo/a/b", "delete"));
  EXPECT_FALSE(scopes_allow_repository(scopes, "demo/a", "pull"));
  EXPECT_TRUE(scopes_allow_repository(scopes, "demo/c", "delete"));
  EXPECT_FALSE(scopes_allow_repository({"read"}, "demo/c", "pull"));
}

TEST(Scopes, CannotBeWidenedByHandingOn) {
  EXPECT_TRUE(may_hand_on({}, "admin"));
  EXPECT_TRUE(may_hand_on({"write"}, "read"));
  EXPECT_FALSE(may_hand_on({"read"}, "write"));
  EXPECT_FALSE(may_hand_on({"project:demo:admin"}, "read"));
  EXPECT_TRUE(may_hand_on({"project:demo:admin"}, "project:demo:viewer"));
  EXPECT_FALSE(may_hand_on({"project:demo:viewer"}, "project:demo:admin"));
  EXPECT_FALSE(may_hand_on({}, "nonsense"));
}

TEST(Hmac, KnowsAVectorOfRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c7"
            "5a003f089d2739839dec58b964ec3843");
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(SignedToken, IsOnlyReadWithItsKey) {
  const std::string key(32, 'k');
  const SignedClaims claims{7, "bob", 3, 2, 1000, {"repository:demo/a:pull"}};
  const std::string token = sign_claims(key, claims);
  const auto read = verify_claims(key, token);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "bob");
  EXPECT_EQ(read->scopes, claims.scopes);
  EXPECT_EQ(read->epoch, 2);
  EXPECT_FALSE(verify_claims(std::string(32, 'x'), token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verify_claims(key, changed)) << i;
  }
  for (const char* bad : {"", "sks_", "sks_.", "sks_a.b", "skp_abc"}) {
    EXPECT_FALSE(verify_claims(key, bad)) << bad;
  }
}

TEST(Password, IsVerifiedAndNothingElse) {
  PasswordHasher hasher;
  const std::string encoded = hasher.hash("correct horse");
  EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_NE(encoded, hasher.hash("correct horse"));
  EXPECT_TRUE(hasher.verify("correct horse", encoded));
  EXPECT_FALSE(hasher.verify("correct horsf", encoded));
  EXPECT_FALSE(hasher.verify("", encoded));
  for (const char* bad : {"", "$", "$argon2id$v=19$m=19456,t=2,p=1$",
                          "$argon2id$v=19$m=19456,t=2,p=1$!$!", "x"}) {
    EXPECT_FALSE(hasher.verify("correct horse", bad)) << bad;
  }
}

TEST(Password, MatchesTheReferenceImplementation) {
  // Made by argon2id_hash_encoded of the reference library.
  PasswordHasher hasher;
  EXPECT_TRUE(hasher.verify(
      "password",
      "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
      "K13EBUiG7JV+9ZxztmHFTdb7J0WQsnj2V8bZaqyPptE"));
}

TEST(Throttle, SlowsDownAfterAFewFailures) {
  FakeClock clock(1'000'000'000);
  LoginThrottle throttle(clock);
  for (int i = 0; i < 4; ++i) {
    throttle.failed("bob", "a");
    EXPECT_EQ(throttle.wait("bob", "a"), milliseconds(0)) << i;
  }
  throttle.failed("bob", "a");
  EXPECT_EQ(throttle.wait("bob", "a"), seconds(1));
  EXPECT_EQ(throttle.wait("bob", "b"), milliseconds(0));
  EXPECT_EQ(throttle.wait("eve", "a"), milliseconds(0));
  throttle.failed("bob", "a");
  EXPECT_EQ(throttle.wait("bob", "a"), seconds(2));
  clock.advance(seconds(2));
  EXPECT_EQ(throttle.wait("bob", "a"), milliseconds(0));
  for (int i = 0; i < 40; ++i) throttle.failed("bob", "a");
  EXPECT_EQ(throttle.wait("bob", "a"), minutes(15));
  throttle.succeeded("bob", "a");
  // The address itself has failed too often by now.
  EXPECT_GT(throttle.wait("bob", "a"), seconds(1));
  clock.advance(minutes(120));
  throttle.failed("bob", "a");
  EXPECT_EQ(throttle.wait("bob", "a"), milliseconds(0));
}

TEST(Throttle, ForgetsWhenThereAreTooMany) {
  FakeClock clock(1'000'000'000);
  LoginThrottle throttle(clock);
  for (int i = 0; i < 20; ++i) throttle.failed("bob", "home");
  for (int i = 0; i < 10'100; ++i) {
    throttle.failed("u", std::to_string(i));
  }
  EXPECT_GT(throttle.wait("bob", "home"), seconds(100));
}

TEST(Throttle, CountsAnIpv6NetworkAsOne) {
  FakeClock clock(1'000'000'000);
  LoginThrottle throttle(clock);
  for (int i = 0; i < 5; ++i) {
    throttle.failed("bob", "2001:db8:0:1::" + std::to_string(i));
  }
  EXPECT_GT(throttle.wait("bob", "2001:db8:0:1::99"), seconds(0));
  EXPECT_EQ(throttle.wait("bob", "2001:db8:0:2::99"), seconds(0));
}

TEST(CredentialCache, RemembersForAMinute) {
  FakeClock clock(1'000'000);
  CredentialCache cache(clock);
  cache.add("bob", "secret", {7, 2});
  EXPECT_EQ(cache.find("bob", "secret")->user_id, 7);
  EXPECT_FALSE(cache.find("bob", "Secret"));
  EXPECT_FALSE(cache.find("bobs", "ecret"));
  clock.advance(seconds(60));
  EXPECT_FALSE(cache.find("bob", "secret"));
  for (int i = 0; i < 3000; ++i) cache.add(std::to_string(i), "x", {i, 1});
  EXPECT_TRUE(cache.find("2999", "x"));
}

}  // namespace
}  // namespace skerry::auth
