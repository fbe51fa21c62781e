// Requests as bytes: what is answered, what is refused and how.
#include "core/http/test_server.h"

namespace skerry::http {
namespace {

using test::ask;
using test::RawAnswer;
using test::RawClient;
using test::route;
using test::TestServer;

std::vector<Route> routes() {
  return {
      route("GET", "/hello",
            [](Request&, Response& r) { r.send("text/plain", "hi"); }),
      route("GET", "/show/{x}",
            [](Request& q, Response& r) {
              r.send_json({{"x", q.param("x")},
                           {"path", q.path},
                           {"base_url", q.base_url},
                           {"query", q.query_params("q")}});
            }),
      route("POST", "/echo",
            [](Request& q, Response& r) {
              r.send("text/plain", q.read_body(1000));
            }),
      route("DELETE", "/nothing", [](Request&, Response&) {}),
      route("POST", "/json",
            [](Request& q, Response& r) { r.send_json(q.read_json()); }),
  };
}

TEST(Requests, ThatAreWellFormedAreAnswered) {
  TestServer server(routes());
  struct Case {
    std::string bytes;
    int status;
    std::string body;
  };
  const std::string host = " HTTP/1.1\r\nHost: a.lan:80\r\n";
  const std::vector<Case> cases = {
      {"GET /hello" + host + "\r\n", 200, "hi"},
      {"GET /hello HTTP/1.0\r\n\r\n", 200, "hi"},
      {"HEAD /hello" + host + "\r\n", 200, ""},
      {"GET /hello" + host + "content-LENGTH: 0\r\n\r\n", 200, "hi"},
      {"DELETE /nothing" + host + "\r\n", 204, ""},
      {"GET /show/a%2Fb?q=1&q=a+b%21&p=2" + host + "\r\n", 200,
       R"({"base_url":"http://a.lan:80","path":"/show/a/b","query":["1","a b!"],"x":"a/b"})"},
      {"POST /echo" + host + "Content-Length: 3\r\n\r\nabc", 200, "abc"},
      {"POST /echo" + host + "Transfer-Encoding: chunked\r\n\r\n"
       "1;ext=1\r\na\r\n2\r\nbc\r\n0\r\nTrailer: x\r\n\r\n",
       200, "abc"},
      {"POST /json" + host + "Content-Length: 7\r\n\r\n{\"a\":1}", 200,
       "{\"a\":1}"},
  };
  for (const Case& one : cases) {
    const RawAnswer answer = ask(server.port(), one.bytes);
    EXPECT_EQ(answer.status, one.status) << one.bytes;
    EXPECT_EQ(answer.body, one.body) << one.bytes;
    EXPECT_TRUE(answer.whole) << one.bytes;
  }
}

TEST(Requests, ThatAreMalformedAreRefusedAndTheConnectionEnds) {
  TestServer server(routes());
  const std::string get = "GET /hello HTTP/1.1\r\n";
  const std::string host = "Host: x\r\n";
  const std::vector<std::pair<std::string, int>> cases = {
      {get + "\r\n", 400},                          // no Host
      {get + host + host + "\r\n", 400},            // two
      {get + "Host: a/b\r\n\r\n", 400},
      {get + "Host: x y\r\n\r\n", 400},
      {"GET /a/../hello HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%2e%2e/hello HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%00 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /%g0 HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET hello HTTP/1.1\r\n" + host + "\r\n", 400},
      {"garbage\r\n\r\n", 400},
      {"\r\n\r\n", 400},
      {"BREW /hello HTTP/1.1\r\n" + host + "\r\n", 400},
      {"GET /hello HTTP/2.0\r\n" + host + "\r\n", 505},
      {get + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {get + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {get + host + "Content-Length: five\r\n\r\n", 400},
      {get + host + "Content-Length: 5five\r\n\r\n", 400},
      {get + host + "Content-Length: -5\r\n\r\n", 400},
      {get + host + "Transfer-Encoding: gzip\r\n\r\n", 400},
      {get + host + "Transfer-Encoding: identity\r\n\r\n", 400},
      {get + host + "A: b\r\n folded: c\r\nContent-Length: 5\r\n\r\n", 400},
      {get + host + "Content-Length : 5\r\n\r\n", 400},
      {get + host + "no colon\r\n\r\n", 400},
      {get + host + "A: \x01\r\n\r\n", 400},
      {get + host + "(A): b\r\n\r\n", 400},
      {get + host + "Expect: a miracle\r\n\r\n", 417},
      {get + host + "A: " + std::string(9000, 'a') + "\r\n\r\n", 431},
      {get + host + "A: " + std::string(9000, 'a'), 431},  // and no end
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 431},
  };
  for (const auto& [bytes, status] : cases) {
    RawClient client(server.port());
    client.send(bytes);
    const RawAnswer answer = client.receive();
    EXPECT_EQ(answer.status, status) << bytes.substr(0, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/json") << bytes;
    EXPECT_TRUE(answer.body.starts_with("{\"error\":{\"code\":")) << answer.body;
    EXPECT_TRUE(client.closed()) << bytes.substr(0, 200);
  }
  EXPECT_EQ(ask(server.port(), get + host + "\r\n").status, 200);
}

TEST(Requests, WithTooManyHeadersAreRefused) {
  TestServer server(routes());
  std::string bytes = "GET /hello HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 62; ++i) bytes += "A: b\r\n";
  EXPECT_EQ(ask(server.port(), bytes + "\r\n").status, 200);
  EXPECT_EQ(ask(server.port(), bytes + "A: b\r\nA: b\r\n\r\n").status, 431);
}

TEST(Requests, OfUnknownPathsAndMethodsSaySo) {
  TestServer server(routes());
  const RawAnswer absent =
      ask(server.port(), "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(absent.status, 404);
  EXPECT_NE(absent.body.find("\"not_found\""), std::string::npos);
  const RawAnswer method =
      ask(server.port(), "PUT /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.headers.at("allow"), "GET, HEAD");
}

TEST(Requests, ComeOneAfterTheOtherOnAConnection) {
  TestServer server(routes());
  RawClient client(server.port());
  const std::string post =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0\r\n\r\n";
  const std::string get = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
  client.send(post + get + post);  // all at once
  EXPECT_EQ(client.receive().body, "abc");
  EXPECT_EQ(client.receive().body, "hi");
  EXPECT_EQ(client.receive().body, "abc");
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const RawAnswer last = client.receive();
  EXPECT_EQ(last.headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
}

TEST(Requests, AreJsonObjectsWhereTheyMustBe) {
  TestServer server(routes());
  const auto post = [&](const std::string& body) {
    return ask(server.port(), "POST /json HTTP/1.1\r\nHost: x\r\n"
                              "Content-Length: " + std::to_string(body.size()) +
                              "\r\n\r\n" + body);
  };
  EXPECT_EQ(post("[]").status, 400);
  EXPECT_EQ(post("").status, 400);
  EXPECT_EQ(post("{\"a\":}").status, 400);
  const RawAnswer deep = post(std::string(100'000, '[') + std::string(100'000, ']'));
  EXPECT_EQ(deep.status, 413);
  EXPECT_EQ(post("{}").status, 200);
}

TEST(Requests, CarrySecurityHeadersInTheirAnswers) {
  TestServer server({route("GET", "/page", [](Request&, Response& r) {
    r.send("text/html; charset=utf-8", "<p>");
  })});
  const RawAnswer page =
      ask(server.port(), "GET /page HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(page.headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.headers.at("referrer-policy"), "same-origin");
  EXPECT_NE(page.headers.at("content-security-policy").find(
                "frame-ancestors 'none'"),
            std::string::npos);
}

}  // namespace
}  // namespace skerry::http
