// Clients that connect and say little must not keep others out.
#include <deque>

#include "core/http/test_server.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::ask;
using test::RawAnswer;
using test::RawClient;
using test::route;
using test::TestServer;

constexpr const char* kGet = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

std::vector<Route> routes() {
  return {route("GET", "/hello",
                [](Request&, Response& r) { r.send("text/plain", "hi"); }),
          route("POST", "/echo", [](Request& q, Response& r) {
            r.send("text/plain", q.read_body(100'000));
          })};
}

ServerOptions few_threads() {
  ServerOptions options = test::quick_options();
  options.threads = 8;
  options.idle_timeout = std::chrono::seconds(30);
  options.stall_timeout = std::chrono::seconds(30);
  return options;
}

TEST(Waiting, SilentClientsKeepNobodyOut) {
  TestServer server(routes(), few_threads());
  std::deque<RawClient> silent;
  for (int i = 0; i < 200; ++i) silent.emplace_back(server.port());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(server.port(), kGet).body, "hi");
  // Each may speak after all.
  for (RawClient& client : silent) {
    ASSERT_TRUE(client.send(kGet));
    EXPECT_EQ(client.receive().body, "hi");
  }
}

TEST(Waiting, ManyKeepTheirConnections) {
  TestServer server(routes(), few_threads());
  std::deque<RawClient> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(server.port());
  for (int round = 0; round < 5; ++round) {
    for (RawClient& client : clients) client.send(kGet);
    for (RawClient& client : clients) EXPECT_EQ(client.receive().body, "hi");
  }
}

TEST(Waiting, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server(routes(), few_threads());
  std::deque<RawClient> crowd;
  for (int i = 0; i < 20; ++i) crowd.emplace_back(server.port());
  RawClient client(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    requests += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.receive().body, std::to_string(i));
  }
}

TEST(Waiting, EndsAfterItsTime) {
  ServerOptions options = few_threads();
  options.idle_timeout = std::chrono::milliseconds(300);
  options.stall_timeout = std::chrono::milliseconds(300);
  TestServer server(routes(), options);
  std::deque<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(server.port());
    clients.back().send(kGet);
  }
  for (RawClient& client : clients) {
    EXPECT_EQ(client.receive().body, "hi");
    EXPECT_TRUE(client.closed());
  }
}

TEST(Waiting, WhoWaitedLongestMakesPlace) {
  ServerOptions options = few_threads();
  options.max_waiting = 10;
  TestServer server(routes(), options);
  std::deque<RawClient> clients;
  for (int i = 0; i < 60; ++i) clients.emplace_back(server.port());
  EXPECT_EQ(ask(server.port(), kGet).body, "hi");
  int closed = 0;
  for (RawClient& client : clients) {
    client.send(kGet);
    if (client.receive().status == 0) ++closed;
  }
  EXPECT_GT(closed, 10);
  EXPECT_LT(closed, 60);
  EXPECT_EQ(ask(server.port(), kGet).body, "hi");
}

TEST(Waiting, EventStreamsTakeHalfOfTheThreads) {
  std::vector<Route> table = routes();
  table.push_back(route("GET", "/events", [](Request& q, Response& r) {
    r.stream("text/event-stream", [&](const Response::Writer& write) {
      write("data: 1\n\n");
      while (!q.stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
  }));
  TestServer server(table, few_threads());
  const auto get = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
  std::deque<RawClient> streams;
  for (int i = 0; i < 4; ++i) {
    streams.emplace_back(server.port());
    streams.back().send(get);
    EXPECT_TRUE(streams.back().receives("data: 1"));
  }
  const RawAnswer refused = ask(server.port(), get);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("4 event streams"), std::string::npos);
  EXPECT_EQ(refused.headers.at("retry-after"), "10");
  EXPECT_EQ(ask(server.port(), kGet).body, "hi");
}

TEST(Waiting, StopLetsEverybodyGo) {
  TestServer server(routes(), few_threads());
  std::deque<RawClient> clients;
  for (int i = 0; i < 100; ++i) clients.emplace_back(server.port());
  for (int i = 0; i < 50; ++i) {
    clients[static_cast<std::size_t>(i)].send(kGet);
    clients[static_cast<std::size_t>(i)].receive();
  }
  const auto start = std::chrono::steady_clock::now();
  server.server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  for (RawClient& client : clients) EXPECT_TRUE(client.closed());
}

TEST(Waiting, ABodyMayNotTrickle) {
  ServerOptions options = test::quick_options();
  options.stall_timeout = std::chrono::milliseconds(300);
  TestServer server(routes(), options);
  RawClient client(server.port());
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  const auto start = std::chrono::steady_clock::now();
  std::jthread trickle([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && client.send("x")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  const RawAnswer answer = client.receive();
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(answer.status, 408);
  EXPECT_NE(answer.body.find("too slowly"), std::string::npos) << answer.body;
  EXPECT_GT(took, std::chrono::milliseconds(500));
  EXPECT_LT(took, std::chrono::seconds(5));
}

}  // namespace
}  // namespace skerry::http
