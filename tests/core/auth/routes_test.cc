// The REST routes of accounts, over a real server.
#include "core/auth/fixture.h"
#include "core/boot/accounts_module.h"
#include "core/http/client.h"
#include "core/http/server.h"

namespace skerry::auth {
namespace {

struct Api : test::Accounts {
  Api() { add_user("root", true); }

  struct Answer {
    int status;
    Json body;
    std::string cookie;
  };
  Answer call(std::string method, std::string path, const Json& body = {},
              std::string user = "root",
              std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = server.url() + "/api/v1" + std::move(path);
    request.headers = std::move(headers);
    request.headers.emplace_back("Content-Type", "application/json");
    if (!body.is_null()) request.body = body.dump();
    if (!user.empty()) {
      request.user = user;
      request.password = password_of(user);
    }
    const auto response = client->send(request);
    Answer answer{response.status, {}, {}};
    if (!response.body.empty()) answer.body = Json::parse(response.body);
    const auto cookie = response.headers.find("set-cookie");
    if (cookie != response.headers.end()) answer.cookie = cookie->second;
    return answer;
  }

  static http::ServerOptions options() {
    http::ServerOptions made;
    made.listen = "http://127.0.0.1:0";
    made.threads = 4;
    return made;
  }
  Metrics metrics;
  http::Server server{
      options(),
      boot::accounts_module(service, settings, db, events).routes, service,
      metrics};
  std::unique_ptr<http::Client> client = http::make_client("test");
};

TEST(Api, SignsInAndOut) {
  Api api;
  const auto wrong = api.call("POST", "/session",
                              {{"user", "root"}, {"password", "no"}}, "");
  EXPECT_EQ(wrong.status, 401);
  const auto in =
      api.call("POST", "/session",
               {{"user", "root"}, {"password", "root-password"}}, "");
  ASSERT_EQ(in.status, 200);
  EXPECT_EQ(in.body["user"]["name"], "root");
  EXPECT_NE(in.cookie.find("; HttpOnly; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(in.cookie.find("Secure"), std::string::npos);  // not on TLS
  const std::string cookie = in.cookie.substr(0, in.cookie.find(';'));
  const std::string csrf = in.body["csrf"];

  const auto show =
      api.call("GET", "/session", {}, "", {{"Cookie", cookie}});
  EXPECT_EQ(show.body, in.body);
  EXPECT_EQ(api.call("GET", "/session", {}, "").status, 401);
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "a"}}, "",
                     {{"Cookie", cookie}})
                .status,
            403);
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "a"}}, "",
                     {{"Cookie", cookie}, {"X-Skerry-CSRF", csrf}})
                .status,
            201);
  EXPECT_EQ(api.call("DELETE", "/session", {}, "",
                     {{"Cookie", cookie}, {"X-Skerry-CSRF", csrf}})
                .status,
            204);
  EXPECT_EQ(api.call("GET", "/session", {}, "", {{"Cookie", cookie}}).status,
            401);
}

TEST(Api, ManagesUsers) {
  Api api;
  EXPECT_EQ(api.call("POST", "/users",
                     {{"name", "bob"}, {"password", "bob-password"}})
                .status,
            201);
  EXPECT_EQ(api.call("POST", "/users",
                     {{"name", "bob"}, {"password", "bob-password"}})
                .status,
            409);
  EXPECT_EQ(api.call("POST", "/users", {{"name", "x"}, {"password", "short"}})
                .status,
            400);
  EXPECT_EQ(api.call("POST", "/users",
                     {{"name", "x"}, {"password", "long enough"}, {"a", 1}})
                .status,
            400);
  EXPECT_EQ(api.call("POST", "/users",
                     {{"name", "eve"}, {"password", "eve-password"}}, "bob")
                .status,
            403);
  const auto list = api.call("GET", "/users", {}, "bob");
  EXPECT_EQ(list.body["users"].size(), 2u);
  EXPECT_FALSE(list.body["users"][0].contains("server_admin"));
  // Oneself: the name at will, the password with the old one, no rights.
  EXPECT_EQ(api.call("PATCH", "/users/bob", {{"display_name", "Bob"}}, "bob")
                .status,
            200);
  EXPECT_EQ(api.call("PATCH", "/users/bob", {{"server_admin", true}}, "bob")
                .status,
            403);
  EXPECT_EQ(api.call("PATCH", "/users/root", {{"display_name", "x"}}, "bob")
                .status,
            403);
  EXPECT_EQ(
      api.call("PATCH", "/users/bob", {{"password", "new-password"}}, "bob")
          .status,
      400);
  EXPECT_EQ(api.call("PATCH", "/users/bob",
                     {{"password", "new-password"},
                      {"current_password", "bob-password"}},
                     "bob")
                .status,
            200);
  EXPECT_EQ(api.call("GET", "/session", {}, "bob").status, 401);
  EXPECT_EQ(api.call("DELETE", "/users/root").status, 409);
  EXPECT_EQ(api.call("DELETE", "/users/bob").status, 204);
  EXPECT_EQ(api.call("GET", "/users/bob").status, 404);
}

TEST(Api, ManagesProjectsAndMembers) {
  Api api;
  api.add_user("bob");
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "demo"}}).status, 201);
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "demo"}}).status, 409);
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "No"}}).status, 400);
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "own"}}, "bob").status,
            403);
  EXPECT_EQ(api.call("GET", "/projects/demo", {}, "bob").status, 404);
  EXPECT_EQ(api.call("PUT", "/projects/demo/members/bob",
                     {{"role", "developer"}})
                .status,
            200);
  EXPECT_EQ(api.call("PUT", "/projects/demo/members/bob", {{"role", "king"}})
                .status,
            400);
  EXPECT_EQ(api.call("PUT", "/projects/demo/members/eve", {{"role", "viewer"}})
                .status,
            404);
  const auto project = api.call("GET", "/projects/demo", {}, "bob");
  EXPECT_EQ(project.body["role"], "developer");
  EXPECT_EQ(api.call("GET", "/projects/demo/members", {}, "bob")
                .body["members"][0]["user"],
            "bob");
  EXPECT_EQ(api.call("PATCH", "/projects/demo", {{"is_public", true}}, "bob")
                .status,
            403);
  EXPECT_EQ(
      api.call("PATCH", "/projects/demo", {{"is_public", true}}).status, 200);
  EXPECT_EQ(api.call("GET", "/projects", {}, "").body["projects"].size(), 1u);
  EXPECT_EQ(api.call("GET", "/projects/demo/members", {}, "").status, 401);
  EXPECT_EQ(api.call("DELETE", "/projects/demo/members/bob").status, 204);
  EXPECT_EQ(api.call("DELETE", "/projects/demo/members/bob").status, 404);

  std::string stands = "2 repositories";
  std::string more = "1 chart";
  api.service.guard_projects([&](std::string_view) { return stands; });
  api.service.guard_projects([&](std::string_view) { return more; });
  std::vector<std::string> gone;
  api.events.follow({"ProjectDeleted", [&](Transaction&, const Event& event) {
                       gone.push_back(event.subject);
                     }});
  const auto refused = api.call("DELETE", "/projects/demo");
  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.dump().find("holds 2 repositories, 1 chart;"),
            std::string::npos)
      << refused.body.dump();
  EXPECT_TRUE(gone.empty());
  stands.clear();
  more.clear();
  EXPECT_EQ(api.call("DELETE", "/projects/demo").status, 204);
  EXPECT_EQ(gone, std::vector<std::string>{"demo"});
  EXPECT_EQ(api.call("DELETE", "/projects/demo").status, 404);
}

TEST(Api, LetsUsersCreateProjectsIfTheSettingSaysSo) {
  Api api;
  api.add_user("bob");
  EXPECT_EQ(api.call("PUT", "/settings/accounts.anyone_creates_projects",
                     {{"value", true}})
                .body["source"],
            "page");
  const auto made = api.call("POST", "/projects", {{"name", "own"}}, "bob");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body["role"], "admin");
  EXPECT_EQ(api.call("DELETE", "/settings/accounts.anyone_creates_projects")
                .body["value"],
            "false");
  EXPECT_EQ(api.call("PUT", "/settings/no.such", {{"value", "1"}}).status, 404);
  EXPECT_EQ(api.call("PUT", "/settings/accounts.session_idle",
                     {{"value", "soon"}})
                .status,
            400);
  const auto events = api.events.after(0);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].topic, "SettingChanged");
  EXPECT_EQ(events[0].subject, "accounts.anyone_creates_projects");
}

TEST(Api, ManagesTokens) {
  Api api;
  const auto made =
      api.call("POST", "/tokens", {{"name", "laptop"}, {"scopes", {"read"}}});
  ASSERT_EQ(made.status, 201);
  const std::string secret = made.body["secret"];
  const std::vector<std::pair<std::string, std::string>> bearer = {
      {"Authorization", "Bearer " + secret}};
  EXPECT_EQ(api.call("GET", "/session", {}, "", bearer).status, 200);
  // A narrow token cannot make a wide one.
  EXPECT_EQ(api.call("POST", "/tokens",
                     {{"name", "x"}, {"scopes", {"admin"}}}, "", bearer)
                .status,
            403);
  EXPECT_EQ(api.call("POST", "/projects", {{"name", "x"}}, "", bearer).status,
            403);
  EXPECT_EQ(api.call("GET", "/settings", {}, "", bearer).status, 403);
  EXPECT_EQ(api.call("POST", "/tokens", {{"name", "x"}, {"scopes", "read"}})
                .status,
            400);
  EXPECT_EQ(api.call("POST", "/tokens",
                     {{"name", "x"}, {"scopes", {"read"}}, {"expires", 5}})
                .status,
            400);
  const auto list = api.call("GET", "/tokens");
  ASSERT_EQ(list.body["tokens"].size(), 1u);
  EXPECT_EQ(list.body.dump().find(secret), std::string::npos);
  const std::string id = made.body["token"]["id"].dump();
  api.add_user("bob");
  EXPECT_EQ(api.call("DELETE", "/tokens/" + id, {}, "bob").status, 404);
  EXPECT_EQ(api.call("DELETE", "/tokens/" + id).status, 204);
  EXPECT_EQ(api.call("GET", "/session", {}, "", bearer).status, 401);
}

TEST(Api, ManagesRobots) {
  Api api;
  api.add_project("demo");
  api.add_project("other");
  const auto made = api.call(
      "POST", "/projects/demo/tokens",
      {{"name", "ci"}, {"scopes", {"project:demo:developer"}}});
  ASSERT_EQ(made.status, 201);
  EXPECT_TRUE(made.body["secret"].get<std::string>().starts_with("skr_"));
  for (const char* scope : {"project:other:viewer", "read", "admin"}) {
    EXPECT_EQ(api.call("POST", "/projects/demo/tokens",
                       {{"name", "x"}, {"scopes", {scope}}})
                  .status,
              400)
        << scope;
  }
  const std::string id = made.body["token"]["id"].dump();
  EXPECT_EQ(api.call("DELETE", "/projects/other/tokens/" + id).status, 404);
  EXPECT_EQ(api.call("DELETE", "/projects/demo/tokens/" + id).status, 204);
  EXPECT_EQ(api.call("GET", "/projects/demo/tokens").body["tokens"].size(), 0u);
}

TEST(Api, RecordsEveryChange) {
  Api api;
  api.call("POST", "/projects", {{"name", "demo"}});
  api.call("POST", "/users", {{"name", "bob"}, {"password", "bob-password"}});
  api.call("PUT", "/projects/demo/members/bob", {{"role", "viewer"}});
  api.call("POST", "/users", {{"name", "bob"}, {"password", "bob-password"}});
  const auto log = api.call("GET", "/audit?limit=10");
  ASSERT_EQ(log.body["entries"].size(), 3u);  // the refused one left none
  EXPECT_EQ(log.body["entries"][0]["action"], "member.set");
  EXPECT_EQ(log.body["entries"][0]["subject"], "demo/bob");
  EXPECT_EQ(log.body["entries"][0]["actor"], "root");
  const std::string newest = log.body["entries"][0]["id"].dump();
  EXPECT_EQ(api.call("GET", "/audit?limit=1&before=" + newest)
                .body["entries"][0]["action"],
            "user.create");
  EXPECT_EQ(api.call("GET", "/audit?limit=x").status, 400);
  EXPECT_EQ(api.call("GET", "/audit", {}, "bob").status, 403);
}

}  // namespace
}  // namespace skerry::auth
