#include "core/http/headers.h"

#include "core/http/listen.h"
#include "core/http/route.h"
#include "core/temp.h"

namespace skerry::http {
namespace {

using test::code_of;

TEST(Framing, AcceptsOneWayToKnowTheEnd) {
  EXPECT_FALSE(body_framing({}, "1.1").length);
  EXPECT_EQ(body_framing({{"content-length", "0"}}, "1.1").length, 0u);
  EXPECT_EQ(body_framing({{"Content-Length", "17"}}, "1.0").length, 17u);
  EXPECT_TRUE(body_framing({{"Transfer-Encoding", "Chunked"}}, "1.1").chunked);
}

TEST(Framing, RefusesWhatAProxyMightReadOtherwise) {
  const std::vector<HeaderViews> bad = {
      {{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}},
      {{"Content-Length", "1"}, {"Content-Length", "1"}},
      {{"Content-Length", "+1"}},
      {{"Content-Length", "-1"}},
      {{"Content-Length", "1x"}},
      {{"Content-Length", "1, 1"}},
      {{"Content-Length", ""}},
      {{"Content-Length", "99999999999999999999"}},
      {{"Transfer-Encoding", "gzip, chunked"}},
      {{"Transfer-Encoding", "identity"}},
      {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
  };
  for (const HeaderViews& headers : bad) {
    EXPECT_THROW(body_framing(headers, "1.1"), ProtocolError)
        << headers[0].first << ": " << headers[0].second;
  }
  EXPECT_THROW(body_framing({{"Transfer-Encoding", "chunked"}}, "1.0"),
               ProtocolError);
}

TEST(Host, IsPlainEnoughForAnUrl) {
  for (const char* good : {"x", "a.example:80", "127.0.0.1:8080", "[::1]:443",
                           "[2001:db8::1]", "my_host-1"}) {
    EXPECT_TRUE(is_host(good)) << good;
  }
  for (const char* bad : {"", ":80", "a b", "a/b", "a@b", "a:0", "a:65536",
                          "a:x", "[::1", "::1", "a\"b", "a:"}) {
    EXPECT_FALSE(is_host(bad)) << bad;
  }
}

std::string shown(std::string_view header, std::uint64_t size) {
  const auto ranges = parse_ranges(header, size);
  if (!ranges) return "all";
  std::string text;
  for (const ByteRange& range : *ranges) {
    text += std::to_string(range.first) + "-" + std::to_string(range.last) + " ";
  }
  return text;
}

TEST(Ranges, AreReadAsTheRfcSays) {
  EXPECT_EQ(shown("bytes=0-0", 10), "0-0 ");
  EXPECT_EQ(shown("bytes=2-", 10), "2-9 ");
  EXPECT_EQ(shown("bytes=-3", 10), "7-9 ");
  EXPECT_EQ(shown("bytes=-30", 10), "0-9 ");
  EXPECT_EQ(shown("BYTES= 1-2 , 4-99", 10), "1-2 4-9 ");
  EXPECT_EQ(shown("bytes=10-", 10), "");
  EXPECT_EQ(shown("bytes=-0", 10), "");
  EXPECT_EQ(shown("bytes=0-", 0), "");
  EXPECT_EQ(shown("bytes=20-30,1-1", 10), "1-1 ");
}

TEST(Ranges, ThatCannotBeReadMeanAll) {
  for (const char* bad : {"", "bytes", "bytes=", "items=0-1", "bytes=2-1",
                          "bytes=a-b", "bytes=1", "bytes=--1", "bytes=0-1,x",
                          "bytes=99999999999999999999-"}) {
    EXPECT_EQ(shown(bad, 10), "all") << bad;
  }
  std::string many = "bytes=0-0";
  for (int i = 0; i < 40; ++i) many += ",0-0";
  EXPECT_EQ(shown(many, 10), "all");
}

TEST(IfNoneMatch, ComparesWeakly) {
  EXPECT_TRUE(if_none_match("\"a\"", "\"a\""));
  EXPECT_TRUE(if_none_match("W/\"a\"", "\"a\""));
  EXPECT_TRUE(if_none_match("\"x\", \"a\"", "W/\"a\""));
  EXPECT_TRUE(if_none_match("*", "\"a\""));
  EXPECT_FALSE(if_none_match("\"b\"", "\"a\""));
  EXPECT_FALSE(if_none_match("", "\"a\""));
}

TEST(HttpDate, IsInTheFixedForm) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Listen, ReadsAddresses) {
  EXPECT_EQ(parse_listen("https://[::1]:8443/").url(), "https://[::1]:8443");
  EXPECT_EQ(parse_listen("http://0.0.0.0:0").local_host(), "127.0.0.1");
  EXPECT_TRUE(parse_listen("https://a.lan:1").tls);
  for (const char* bad : {"", "127.0.0.1:80", "http://", "http://:80",
                          "http://a", "http://a:99999", "http://a:-1",
                          "ftp://a:1", "http://::1:80", "http://a,b:80"}) {
    EXPECT_EQ(code_of([&] { parse_listen(bad); }), ErrorCode::invalid) << bad;
  }
}

}  // namespace
}  // namespace skerry::http
