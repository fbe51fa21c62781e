// Answers: files and their ranges, streams, and handlers that fail.
#include <fcntl.h>

#include "core/http/test_server.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::ask;
using test::RawAnswer;
using test::RawClient;
using test::route;
using test::Scratch;
using test::TestServer;

std::string content(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i);
  text.resize(size);
  return text;
}

class FileServer {
 public:
  explicit FileServer(std::size_t size) : bytes(content(size)) {
    write_file_atomically(scratch_ / "file", bytes);
  }
  RawAnswer get(std::string_view headers, std::string_view method = "GET") {
    return ask(server.port(), std::string(method) +
                                  " /file HTTP/1.1\r\nHost: x\r\n" +
                                  std::string(headers) + "\r\n");
  }

  const std::string bytes;

 private:
  Scratch scratch_;

 public:
  TestServer server{{route("GET", "/file", [this](Request&, Response& r) {
    const Fd file(::open((scratch_ / "file").c_str(), O_RDONLY));
    r.header("ETag", "\"v1\"");
    r.send_file(file, bytes.size(), "application/octet-stream");
  })}};
};

TEST(File, IsSentWholeInEverySize) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1},
                                 std::size_t{16384}, std::size_t{16385},
                                 std::size_t{3'000'000}}) {
    FileServer files(size);
    const RawAnswer answer = files.get("");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == files.bytes) << size;
    EXPECT_EQ(answer.headers.at("accept-ranges"), "bytes");
    const RawAnswer head = files.get("", "HEAD");
    EXPECT_EQ(head.headers.at("content-length"), std::to_string(size));
    EXPECT_EQ(head.body, "");
  }
}

TEST(File, IsSentInRanges) {
  FileServer files(100'000);
  const auto one = files.get("Range: bytes=99990-\r\n");
  EXPECT_EQ(one.status, 206);
  EXPECT_EQ(one.headers.at("content-range"), "bytes 99990-99999/100000");
  EXPECT_EQ(one.body, files.bytes.substr(99990));
  EXPECT_EQ(files.get("Range: bytes=-5\r\n").body, files.bytes.substr(99995));
  const auto beyond = files.get("Range: bytes=100000-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.headers.at("content-range"), "bytes */100000");
  EXPECT_EQ(files.get("Range: bytes=x\r\n").status, 200);
}

TEST(File, IsSentInSeveralRanges) {
  FileServer files(100'000);
  const auto answer = files.get("Range: bytes=0-9,50000-50004,200000-\r\n");
  EXPECT_EQ(answer.status, 206);
  const std::string type = answer.headers.at("content-type");
  ASSERT_TRUE(type.starts_with("multipart/byteranges; boundary="));
  const std::string mark = "--" + type.substr(type.find('=') + 1);
  const std::string part = "Content-Type: application/octet-stream\r\n"
                           "Content-Range: bytes ";
  EXPECT_EQ(answer.body,
            "\r\n" + mark + "\r\n" + part + "0-9/100000\r\n\r\n" +
                files.bytes.substr(0, 10) + "\r\n" + mark + "\r\n" + part +
                "50000-50004/100000\r\n\r\n" + files.bytes.substr(50000, 5) +
                "\r\n" + mark + "--\r\n");
  EXPECT_TRUE(answer.whole);
}

TEST(File, IsNotSentAgainWhenTheClientHasIt) {
  FileServer files(100);
  EXPECT_EQ(files.get("If-None-Match: \"v1\"\r\n").status, 304);
  EXPECT_EQ(files.get("If-None-Match: W/\"v1\", \"x\"\r\n").status, 304);
  EXPECT_EQ(files.get("If-None-Match: \"v0\"\r\n").status, 200);
  // A range of another version would not fit.
  EXPECT_EQ(files.get("Range: bytes=0-1\r\nIf-Range: \"v0\"\r\n").status, 200);
  EXPECT_EQ(files.get("Range: bytes=0-1\r\nIf-Range: \"v1\"\r\n").status, 206);
}

std::string request(std::string_view path, std::string_view version = "1.1") {
  return "GET " + std::string(path) + " HTTP/" + std::string(version) +
         "\r\nHost: x\r\n\r\n";
}

TEST(Stream, IsChunkedOrCountedOrEndsWithTheConnection) {
  TestServer server({
      route("GET", "/chunked",
            [](Request&, Response& r) {
              r.stream("text/plain", [](const Response::Writer& write) {
                write("one ");
                write("");  // would end a chunked answer
                write(std::string(200'000, 'x'));
              });
            }),
      route("GET", "/counted",
            [](Request&, Response& r) {
              r.header("Content-Length", "6");
              r.stream("text/plain", [](const Response::Writer& write) {
                write("abc");
                write("def");
              });
            }),
  });
  const std::string expected = "one " + std::string(200'000, 'x');
  const RawAnswer chunked = ask(server.port(), request("/chunked"));
  EXPECT_EQ(chunked.headers.at("transfer-encoding"), "chunked");
  EXPECT_TRUE(chunked.whole && chunked.body == expected);
  const RawAnswer old = ask(server.port(), request("/chunked", "1.0"));
  EXPECT_FALSE(old.headers.contains("transfer-encoding"));
  EXPECT_TRUE(old.body == expected);
  const RawAnswer counted = ask(server.port(), request("/counted"));
  EXPECT_EQ(counted.body, "abcdef");
  EXPECT_FALSE(counted.headers.contains("transfer-encoding"));
}

TEST(Handler, ThatFailsIsAnsweredByWhatItThrows) {
  const auto thrower = [](ErrorCode code) {
    return [code](Request&, Response& r) {
      r.header("X-Left-Over", "1");
      throw Error(code, "because");
    };
  };
  TestServer server({
      route("GET", "/not_found", thrower(ErrorCode::not_found)),
      route("GET", "/invalid", thrower(ErrorCode::invalid)),
      route("GET", "/conflict", thrower(ErrorCode::conflict)),
      route("GET", "/too_large", thrower(ErrorCode::too_large)),
      route("GET", "/busy", thrower(ErrorCode::busy)),
      route("GET", "/unavailable", thrower(ErrorCode::unavailable)),
      route("GET", "/io", thrower(ErrorCode::io)),
      route("GET", "/internal", thrower(ErrorCode::internal)),
      route("GET", "/other",
            [](Request&, Response&) { throw std::runtime_error("secret"); }),
      route("GET", "/teapot",
            [](Request&, Response&) {
              throw ProtocolError(418, "short_and_stout", "tip me",
                                  {{"X-Spout", "here"}});
            }),
      route("GET", "/twice",
            [](Request&, Response& r) {
              r.send("text/plain", "one");
              r.send("text/plain", "two");
            }),
      route("GET", "/split",
            [](Request&, Response& r) {
              r.header("X-A", "b\r\nX-C: d");
              r.send("text/plain", "");
            }),
  });
  const std::map<std::string, int> expected = {
      {"/not_found", 404}, {"/invalid", 400},     {"/conflict", 409},
      {"/too_large", 413}, {"/busy", 429},        {"/unavailable", 503},
      {"/io", 500},        {"/internal", 500},    {"/other", 500},
      {"/teapot", 418},    {"/split", 500}};
  for (const auto& [path, status] : expected) {
    const RawAnswer answer = ask(server.port(), request(path));
    EXPECT_EQ(answer.status, status) << path;
    EXPECT_FALSE(answer.headers.contains("x-left-over")) << path;
    EXPECT_FALSE(answer.headers.contains("x-c")) << path;
  }
  EXPECT_NE(ask(server.port(), request("/not_found")).body.find("because"),
            std::string::npos);
  // What went wrong inside is for the log.
  EXPECT_EQ(ask(server.port(), request("/other")).body.find("secret"),
            std::string::npos);
  const RawAnswer teapot = ask(server.port(), request("/teapot"));
  EXPECT_EQ(teapot.headers.at("x-spout"), "here");
  EXPECT_NE(teapot.body.find("short_and_stout"), std::string::npos);
}

TEST(Handler, ThatFailsTooLateLeavesTheAnswerUnfinished) {
  TestServer server({route("GET", "/late", [](Request&, Response& r) {
    r.stream("text/plain", [](const Response::Writer& write) {
      write("half");
      throw Error(ErrorCode::io, "the disk is gone");
    });
  })});
  RawClient client(server.port());
  client.send(request("/late"));
  const RawAnswer answer = client.receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "half");
  EXPECT_FALSE(answer.whole);
  EXPECT_TRUE(client.closed());
}

}  // namespace
}  // namespace skerry::http
