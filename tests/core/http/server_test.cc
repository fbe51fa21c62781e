// The server as a whole: many clients, and the way it stops.
#include "core/http/server.h"

#include "core/http/test_server.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::ask;
using test::code_of;
using test::RawAnswer;
using test::RawClient;
using test::route;
using test::TestServer;

constexpr const char* kGet = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

Route hello() {
  return route("GET", "/hello",
               [](Request&, Response& r) { r.send("text/plain", "hi"); });
}

TEST(Server, RefusesAPortThatIsTaken) {
  TestServer first({hello()});
  auto options = test::quick_options();
  options.listen = first.server.url();
  try {
    TestServer second({hello()}, options);
    FAIL() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_NE(error.message().find(first.server.url()), std::string::npos);
  }
}

TEST(Server, SaysWhereItListens) {
  TestServer server({hello()});
  EXPECT_GT(server.port(), 0);
  EXPECT_EQ(server.server.url(),
            "http://127.0.0.1:" + std::to_string(server.port()));
}

TEST(Server, AnswersManyClientsAtOnce) {
  auto options = test::quick_options();
  options.threads = 8;  // fewer than clients: the others wait their turn
  TestServer server(
      {hello(), route("POST", "/echo",
                      [](Request& q, Response& r) {
                        r.send("text/plain", q.read_body(100'000));
                      })},
      options);
  std::atomic<int> right{0};
  std::vector<std::jthread> clients;
  for (int c = 0; c < 64; ++c) {
    clients.emplace_back([&, c] {
      const std::string body(static_cast<std::size_t>(500 * c), 'a');
      const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n"
                               "Content-Length: " + std::to_string(body.size()) +
                               "\r\n\r\n" + body;
      for (int i = 0; i < 10; ++i) {
        if (ask(server.port(), kGet).body == "hi") ++right;
        if (ask(server.port(), post).body == body) ++right;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 64 * 20);
}

TEST(Server, StopEndsStreamsAndKeepsWhatRuns) {
  std::atomic<bool> started{false};
  TestServer server({
      route("GET", "/stream",
            [&](Request& q, Response& r) {
              r.stream("text/event-stream", [&](const Response::Writer& write) {
                write("data: 1\n\n");
                started = true;
                while (!q.stop.stop_requested()) {
                  std::this_thread::sleep_for(std::chrono::milliseconds(1));
                }
                write("data: bye\n\n");
              });
            }),
  });
  RawClient idle(server.port());
  RawClient client(server.port());
  client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return started.load(); }));
  const auto start = std::chrono::steady_clock::now();
  server.server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  const RawAnswer answer = client.receive();
  EXPECT_EQ(answer.body, "data: 1\n\ndata: bye\n\n");
  EXPECT_TRUE(answer.whole);
  EXPECT_TRUE(idle.closed());
}

TEST(Server, StopRefusesNewWork) {
  std::atomic<bool> entered{false};
  TestServer server({hello(), route("GET", "/slow", [&](Request&, Response& r) {
                       entered = true;
                       std::this_thread::sleep_for(
                           std::chrono::milliseconds(300));
                       r.send("text/plain", "done");
                     })});
  RawClient slow(server.port());
  RawClient other(server.port());
  other.send(kGet);
  other.receive();
  slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(test::eventually([&] { return entered.load(); }));
  std::jthread stopper([&] { server.server.stop(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  other.send(kGet);
  EXPECT_EQ(other.receive().status, 503);
  EXPECT_EQ(slow.receive().body, "done");
}

TEST(Server, CountsWhatItAnswers) {
  TestServer server({hello()});
  ask(server.port(), kGet);
  ask(server.port(), "GET /nope HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(test::eventually([&] {
    const std::string text = server.metrics.render();
    return text.find("skerry_http_requests_total{method=\"GET\",status=\"2xx\"}"
                     " 1") != std::string::npos &&
           text.find("skerry_http_requests_total{method=\"GET\",status=\"4xx\"}"
                     " 1") != std::string::npos &&
           text.find("skerry_http_requests_in_flight 0") != std::string::npos;
  }));
}

TEST(Server, RefusesBadAddressesAndTables) {
  auto options = test::quick_options();
  options.listen = "127.0.0.1:80";
  EXPECT_EQ(code_of([&] { TestServer({hello()}, options); }),
            ErrorCode::invalid);
  EXPECT_EQ(code_of([&] { TestServer({hello(), hello()}); }),
            ErrorCode::conflict);
}

}  // namespace
}  // namespace skerry::http
