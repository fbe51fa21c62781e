// Bodies of requests: streaming, limits, and clients that do not keep their
// word.
#include "core/http/test_server.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::ask;
using test::RawAnswer;
using test::RawClient;
using test::route;
using test::TestServer;

// Counts the bytes without keeping them.
void count_body(Request& request, Response& response) {
  std::string buffer(1000, '\0');
  std::uint64_t total = 0;
  while (const std::size_t got =
             request.body->read(buffer.data(), buffer.size())) {
    total += got;
  }
  response.send_json({{"bytes", total}});
}

std::vector<Route> routes() {
  Route counted = route("POST", "/count", count_body);
  counted.max_body = 1'000'000;
  return {counted, route("POST", "/ignore", [](Request&, Response& r) {
            r.send("text/plain", "ignored");
          })};
}

std::string head(std::string_view path, std::string_view more) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" +
         std::string(more) + "\r\n\r\n";
}

TEST(Body, IsReadWhileItComes) {
  TestServer server(routes());
  RawClient client(server.port());
  client.send(head("/count", "Content-Length: 300000"));
  for (int i = 0; i < 300; ++i) client.send(std::string(1000, 'x'));
  EXPECT_EQ(client.receive().body, "{\"bytes\":300000}");
}

TEST(Body, WaitsForContinueUntilSomeoneReads) {
  TestServer server(routes());
  RawClient client(server.port());
  client.send(head("/count", "Content-Length: 3\r\nExpect: 100-continue"));
  EXPECT_EQ(client.receive().status, 100);
  client.send("abc");
  EXPECT_EQ(client.receive().body, "{\"bytes\":3}");

  RawClient ignored(server.port());
  ignored.send(head("/ignore", "Content-Length: 3\r\nExpect: 100-continue"));
  const RawAnswer answer = ignored.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
}

TEST(Body, ThatIsTooLargeIsRefused) {
  TestServer server(routes());
  // Known before it comes: no 100-continue for it.
  const RawAnswer declared =
      ask(server.port(),
          head("/count", "Content-Length: 1000001\r\nExpect: 100-continue"));
  EXPECT_EQ(declared.status, 413);
  EXPECT_NE(declared.body.find("too_large"), std::string::npos);

  RawClient chunked(server.port());
  chunked.send(head("/count", "Transfer-Encoding: chunked"));
  const std::string chunk = "ffff\r\n" + std::string(0xffff, 'x') + "\r\n";
  for (int i = 0; i < 40 && chunked.send(chunk); ++i) {
  }
  EXPECT_EQ(chunked.receive().status, 413);
}

TEST(Body, ThatNobodyReadsDoesNotBecomeTheNextRequest) {
  TestServer server(routes());
  RawClient client(server.port());
  client.send(head("/ignore", "Content-Length: 40") +
              "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n12345");
  EXPECT_EQ(client.receive().body, "ignored");
  client.send(head("/ignore", "Content-Length: 0"));
  EXPECT_EQ(client.receive().body, "ignored");

  // Too much to read away: the connection ends, and its answer still arrives.
  RawClient large(server.port());
  large.send(head("/ignore", "Content-Length: 900000"));
  large.send(std::string(900'000, 'x'));
  const RawAnswer answer = large.receive();
  EXPECT_EQ(answer.body, "ignored");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(large.closed());
}

TEST(Body, WithMalformedChunksIsRefused) {
  TestServer server(routes());
  for (const char* chunks :
       {"xyz\r\n", "-1\r\na\r\n", "1\r\nab\r\n", "3\r\nabc0\r\n\r\n",
        "\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "1 \r\na\r\n0\r\n\r\n"}) {
    RawClient client(server.port());
    client.send(head("/count", "Transfer-Encoding: chunked") + chunks);
    client.finish_sending();
    EXPECT_EQ(client.receive().status, 400) << chunks;
    EXPECT_TRUE(client.closed()) << chunks;
  }
  // A length that would wrap around.
  for (const char* size : {"ffffffffffffffff", "7fffffffffffffff",
                           "fffffffffffffffffffffffffffffffff"}) {
    RawClient client(server.port());
    client.send(head("/count", "Transfer-Encoding: chunked") + size +
                "\r\nabc\r\n0\r\n\r\n");
    client.finish_sending();
    const int status = client.receive().status;
    EXPECT_TRUE(status == 400 || status == 413) << size << " " << status;
  }
}

TEST(Body, ThatBreaksOffEndsTheRequest) {
  TestServer server(routes());
  RawClient client(server.port());
  client.send(head("/count", "Content-Length: 10") + "abc");
  client.finish_sending();
  EXPECT_EQ(client.receive().status, 400);
}

TEST(Body, ThatStallsGets408) {
  TestServer server(routes());
  for (const char* framing :
       {"Content-Length: 10", "Transfer-Encoding: chunked"}) {
    RawClient client(server.port());
    client.send(head("/count", framing) + "5\r\nab");
    EXPECT_EQ(client.receive().status, 408) << framing;
    EXPECT_TRUE(client.closed());
  }
}

TEST(Head, WithoutEndDoesNotHoldAThread) {
  TestServer server(routes());
  RawClient silent(server.port());
  RawClient partial(server.port());
  partial.send("GET / HTTP/1.1\r\nHost: x\r\nA: ");
  const RawAnswer answer = partial.receive();
  EXPECT_EQ(answer.status, 408);
  EXPECT_TRUE(partial.closed());
  EXPECT_TRUE(silent.closed());
}

TEST(Head, ThatTricklesInIsCutOffToo) {
  TestServer server(routes());
  RawClient client(server.port());
  const auto start = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\nA: ");
  while (client.send("a") &&
         std::chrono::steady_clock::now() - start < std::chrono::seconds(5)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace skerry::http
