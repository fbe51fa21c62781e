#include "core/http/client.h"

#include "core/http/local_address.h"
#include "core/http/test_server.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::code_of;
using test::route;
using test::TestServer;

std::vector<Route> routes() {
  return {
      route("POST", "/echo",
            [](Request& q, Response& r) {
              r.header("X-Kind", std::string(q.header("X-Kind").value_or("")));
              r.send("text/plain", q.method + " " + q.read_body(1u << 20));
            }),
      route("PATCH", "/echo",
            [](Request& q, Response& r) {
              r.send("text/plain", q.method + " " + q.read_body(1u << 20));
            }),
      route("GET", "/auth",
            [](Request& q, Response& r) {
              r.send("text/plain",
                     std::string(q.header("Authorization").value_or("none")));
            }),
      route("GET", "/moved",
            [](Request&, Response& r) {
              r.status = 302;
              r.header("Location", "/auth");
              r.send("text/plain", "elsewhere");
            }),
      route("GET", "/loop",
            [](Request&, Response& r) {
              r.status = 302;
              r.header("Location", "/loop");
            }),
      route("GET", "/large",
            [](Request&, Response& r) {
              r.send("text/plain", std::string(100'000, 'x'));
            }),
      route("GET", "/slow",
            [](Request& q, Response& r) {
              while (!q.stop.stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
              }
              r.send("text/plain", "late");
            }),
  };
}

struct Parts {
  TestServer server{routes()};
  std::unique_ptr<Client> client = make_client("skerry-test");
  ClientRequest to(std::string path, std::string method = "GET") {
    ClientRequest request;
    request.method = std::move(method);
    request.url = server.server.url() + std::move(path);
    return request;
  }
};

TEST(Client, SendsMethodsBodiesAndHeaders) {
  Parts parts;
  auto request = parts.to("/echo", "POST");
  request.body = "abc";
  request.headers = {{"X-Kind", "k"}};
  const auto answer = parts.client->send(request);
  EXPECT_EQ(answer.body, "POST abc");
  EXPECT_EQ(answer.headers.at("x-kind"), "k");
  auto patch = parts.to("/echo", "PATCH");
  patch.body = "def";
  EXPECT_EQ(parts.client->send(patch).body, "PATCH def");
  EXPECT_EQ(parts.client->send(parts.to("/echo", "POST")).body, "POST ");
  EXPECT_EQ(parts.client->send(parts.to("/nope", "DELETE")).status, 404);
  EXPECT_EQ(parts.client->send(parts.to("/large", "HEAD")).body, "");
}

TEST(Client, StreamsBothWays) {
  Parts parts;
  auto upload = parts.to("/echo", "POST");
  int pieces = 3;
  upload.body_source = [&](char* buffer, std::size_t) -> std::size_t {
    if (pieces-- == 0) return 0;
    *buffer = 'p';
    return 1;
  };
  EXPECT_EQ(parts.client->send(upload).body, "POST ppp");

  auto download = parts.to("/large");
  std::size_t received = 0;
  download.body_sink = [&](std::string_view bytes) { received += bytes.size(); };
  EXPECT_EQ(parts.client->send(download).body, "");
  EXPECT_EQ(received, 100'000u);
  // What is not a success is kept, not streamed.
  download.url = parts.to("/nope").url;
  EXPECT_NE(parts.client->send(download).body, "");
}

TEST(Client, FollowsRedirectsAndSendsCredentials) {
  Parts parts;
  auto request = parts.to("/moved");
  request.user = "u";
  request.password = "p";
  const auto answer = parts.client->send(request);
  EXPECT_EQ(answer.body, "Basic dTpw");
  EXPECT_EQ(answer.url, parts.to("/auth").url);
  // Not "http://u:p@...": it goes to logs and answers.
  EXPECT_EQ(answer.url.find("u:p"), std::string::npos);
  request.follow_redirects = false;
  EXPECT_EQ(parts.client->send(request).status, 302);
  EXPECT_EQ(code_of([&] { parts.client->send(parts.to("/loop")); }),
            ErrorCode::unavailable);
}

TEST(Client, KeepsItsLimits) {
  Parts parts;
  auto request = parts.to("/large");
  request.max_body = 99'999;
  EXPECT_EQ(code_of([&] { parts.client->send(request); }),
            ErrorCode::too_large);
  request.max_body = 100'000;
  EXPECT_EQ(parts.client->send(request).status, 200);
}

TEST(Client, GivesUpWhenToldOrWhenNobodyAnswers) {
  Parts parts;
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of([&] {
              parts.client->send(parts.to("/slow"), stop.get_token());
            }),
            ErrorCode::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  ClientRequest nowhere;
  nowhere.url = "http://127.0.0.1:1/";
  EXPECT_EQ(code_of([&] { parts.client->send(nowhere); }),
            ErrorCode::unavailable);
  ClientRequest file;
  file.url = "file:///etc/passwd";
  EXPECT_EQ(code_of([&] { parts.client->send(file); }),
            ErrorCode::unavailable);
}

TEST(Client, IsDoneWithTheHead) {
  Parts parts;
  auto request = parts.to("/large");
  request.head_only = true;
  request.max_body = 10;
  const auto response = parts.client->send(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
}

TEST(Client, GivesUpWhenItsTimeIsOver) {
  Parts parts;
  auto request = parts.to("/slow");
  request.total_timeout = std::chrono::milliseconds(200);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of([&] { parts.client->send(request); }),
            ErrorCode::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Client, RefusesLocalAddressesAlsoBehindAName) {
  Parts parts;
  auto request = parts.to("/auth");
  // A connection that waits for its next use is not taken either.
  EXPECT_EQ(parts.client->send(request).status, 200);
  request.refuse_local = true;
  EXPECT_EQ(code_of([&] { parts.client->send(request); }), ErrorCode::denied);
  request.url = "http://localhost:" + std::to_string(parts.server.port()) + "/";
  EXPECT_EQ(code_of([&] { parts.client->send(request); }), ErrorCode::denied);
}

TEST(LocalAddress, IsToldByItsText) {
  for (const char* local :
       {"localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.8.9.1",
        "0.0.0.0", "169.254.169.254", "::", "::1", "fe80::1%eth0",
        "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"}) {
    EXPECT_TRUE(is_local_host(local)) << local;
  }
  for (const char* other :
       {"localhost.example", "10.0.0.1", "192.168.1.1", "172.16.0.1", "8.8.8.8",
        "fd00::1", "2001:db8::1", "::ffff:10.0.0.1", "example"}) {
    EXPECT_FALSE(is_local_host(other)) << other;
  }
}

TEST(Client, RethrowsWhatASinkThrows) {
  Parts parts;
  auto request = parts.to("/large");
  request.body_sink = [](std::string_view) {
    fail(ErrorCode::conflict, "no room");
  };
  EXPECT_EQ(code_of([&] { parts.client->send(request); }), ErrorCode::conflict);
}

TEST(Client, RefusesHeadersThatAreNone) {
  Parts parts;
  auto request = parts.to("/auth");
  request.headers = {{"X", "a\r\nY: b"}};
  EXPECT_EQ(code_of([&] { parts.client->send(request); }), ErrorCode::invalid);
}

}  // namespace
}  // namespace skerry::http
