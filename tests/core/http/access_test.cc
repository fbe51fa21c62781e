// Refusals in each dialect: anonymous 401, signed in 403, hidden 404.
#include "core/http/test_server.h"

namespace skerry::http {
namespace {

using test::ask;
using test::RawAnswer;
using test::TestServer;

void ok(Request&, Response& response) { response.send("text/plain", "ok"); }

std::vector<Route> routes() {
  std::vector<Route> all;
  const auto add = [&](const char* pattern, Access access, Dialect dialect) {
    all.push_back(test::route("GET", pattern, ok, access, dialect));
    all.push_back(test::route("PUT", pattern, ok, access, dialect));
  };
  add("/anyone", Access::anyone, Dialect::api);
  add("/signed_in", Access::signed_in, Dialect::api);
  add("/root", Access::server_admin, Dialect::api);
  add("/api/{project}/view", Access::project_viewer, Dialect::api);
  add("/api/{project}/push", Access::project_developer, Dialect::api);
  add("/api/{project}/own", Access::project_admin, Dialect::api);
  add("/git/{project}/push", Access::project_developer, Dialect::git);
  add("/v2/{project}/{name+}/push", Access::project_developer, Dialect::oci);
  add("/charts/{project}/push", Access::project_developer, Dialect::chart);
  all.push_back(test::route(
      "GET", "/asks", [](Request&, Response&) {
        fail(ErrorCode::denied, "not for you");
      }, Access::in_handler));
  return all;
}

TEST(Access, IsCheckedForEveryRoute) {
  TestServer server(routes());
  struct Case {
    const char* path;
    const char* user;  // "" is nobody
    int status;
  };
  const std::vector<Case> cases = {
      {"/anyone", "", 200},
      {"/anyone", "expired", 200},  // signing in anew must be possible
      {"/signed_in", "", 401},
      {"/signed_in", "expired", 401},
      {"/signed_in", "eve", 200},
      {"/root", "", 401},
      {"/root", "bob", 403},
      {"/root", "root", 200},
      {"/api/open/view", "", 200},
      {"/api/open/push", "", 401},
      {"/api/open/push", "eve", 403},
      {"/api/demo/view", "", 401},
      {"/api/demo/view", "eve", 404},  // may not know that it is there
      {"/api/none/view", "eve", 404},
      {"/api/demo/view", "bob", 200},
      {"/api/demo/push", "bob", 200},
      {"/api/demo/push", "eve", 404},
      {"/api/demo/own", "bob", 403},
      {"/api/demo/own", "root", 200},
      {"/git/demo/push", "", 401},
      {"/git/open/push", "eve", 403},
      {"/git/demo/push", "eve", 404},
      {"/git/demo/push", "bob", 200},
      {"/v2/demo/a/b/push", "", 401},
      {"/v2/demo/a/b/push", "eve", 403},
      {"/v2/demo/a/b/push", "bob", 200},
      {"/charts/demo/push", "", 401},
      {"/charts/open/push", "eve", 403},
      {"/asks", "", 401},
      {"/asks", "bob", 403},
  };
  for (const Case& one : cases) {
    std::string bytes =
        "GET " + std::string(one.path) + " HTTP/1.1\r\nHost: x\r\n";
    if (*one.user != '\0') bytes += "X-User: " + std::string(one.user) + "\r\n";
    EXPECT_EQ(ask(server.port(), bytes + "\r\n").status, one.status)
        << one.path << " as " << one.user;
  }
}

RawAnswer put(TestServer& server, std::string_view path,
              std::string_view user = "") {
  std::string bytes = "PUT " + std::string(path) + " HTTP/1.1\r\nHost: h:1\r\n";
  if (!user.empty()) bytes += "X-User: " + std::string(user) + "\r\n";
  return ask(server.port(), bytes + "\r\n");
}

TEST(Access, RefusesInTheWordsOfTheProtocol) {
  TestServer server(routes());
  const RawAnswer git = put(server, "/git/demo/push");
  EXPECT_TRUE(git.headers.at("www-authenticate").starts_with("Basic realm"));
  EXPECT_TRUE(git.headers.at("content-type").starts_with("text/plain"));

  const RawAnswer oci = put(server, "/v2/demo/a/b/push");
  EXPECT_EQ(oci.headers.at("www-authenticate"),
            "Bearer realm=\"http://h:1/v2/token\",service=\"skerry\","
            "scope=\"repository:demo/a/b:pull,push\"");
  EXPECT_TRUE(
      oci.body.starts_with("{\"errors\":[{\"code\":\"UNAUTHORIZED\""));
  EXPECT_TRUE(put(server, "/v2/demo/a/push", "eve")
                  .body.starts_with("{\"errors\":[{\"code\":\"DENIED\""));
  EXPECT_EQ(put(server, "/v2/nothing/here").status, 404);
  EXPECT_TRUE(put(server, "/v2/nothing/here")
                  .body.starts_with("{\"errors\":[{\"code\":"));

  EXPECT_TRUE(put(server, "/charts/open/push", "eve")
                  .body.starts_with("{\"error\":\""));
  EXPECT_TRUE(put(server, "/api/open/push", "eve")
                  .body.starts_with("{\"error\":{\"code\":\"denied\""));
}

TEST(Access, DoesNotOpenThePasswordWindowOfThePage) {
  TestServer server(routes());
  const RawAnswer page = put(server, "/signed_in");
  EXPECT_EQ(page.status, 401);
  EXPECT_EQ(page.headers.at("www-authenticate"), "Bearer realm=\"skerry\"");
}

}  // namespace
}  // namespace skerry::http
