#include "registry/challenge.h"

#include <gtest/gtest.h>

namespace skerry::registry {
namespace {

std::string shown(std::string_view header) {
  std::string text;
  for (const auto& one : parse_challenges(header)) {
    text += one.scheme + "(";
    for (const auto& [name, value] : one.params) {
      text += name + "=" + value + ";";
    }
    text += ")";
  }
  return text;
}

TEST(Challenge, IsReadInAllItsForms) {
  const std::pair<const char*, const char*> table[] = {
      {"", ""},
      {"Basic realm=\"x\"", "basic(realm=x;)"},
      {"Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a/b:pull,"
       "push\"",
       "bearer(realm=https://a/t;scope=repository:a/b:pull,push;service=s;)"},
      {"BEARER Realm = \"r\" , SERVICE=s", "bearer(realm=r;service=s;)"},
      {"Negotiate, Basic realm=\"x\"", "negotiate()basic(realm=x;)"},
      {"Basic realm=\"a\", Bearer realm=\"b\",service=c",
       "basic(realm=a;)bearer(realm=b;service=c;)"},
      {"Bearer realm=\"with \\\"quotes\\\"\"", "bearer(realm=with \"quotes\";)"},
      {"Bearer realm=\"open", "bearer(realm=open;)"},
      {"Bearer realm=", "bearer(realm=;)"},
      {"realm=\"nobody's\"", ""},
      {",,, ;;Basic", "basic()"},
  };
  for (const auto& [header, wanted] : table) {
    EXPECT_EQ(shown(header), wanted) << header;
  }
}

TEST(Challenge, IsBounded) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "Basic realm=x, ";
  EXPECT_EQ(parse_challenges(many).size(), 16u);
  std::string wide = "Bearer ";
  for (int i = 0; i < 1000; ++i) wide += "a" + std::to_string(i) + "=b,";
  EXPECT_EQ(parse_challenges(wide).front().params.size(), 32u);
}

TEST(NextLink, IsFoundAmongOthers) {
  EXPECT_EQ(parse_next_link("</v2/a/tags/list?n=2&last=b>; rel=\"next\""),
            "/v2/a/tags/list?n=2&last=b");
  EXPECT_EQ(parse_next_link("<x>; rel=prev, <y>; title=\"t\"; rel=next"), "y");
  EXPECT_EQ(parse_next_link("<x>;rel=\"NEXT\""), "x");
  for (const char* none :
       {"", "x", "<x", "<x>", "<x>; rel=\"prev\"", "rel=next", "<x>, "}) {
    EXPECT_FALSE(parse_next_link(none)) << none;
  }
}

TEST(ContentRange, IsStrict) {
  const auto range = parse_content_range("bytes 3-9/20");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 3u);
  EXPECT_EQ(range->last, 9u);
  EXPECT_EQ(range->total, 20u);
  EXPECT_FALSE(parse_content_range("bytes 3-9/*")->total);
  for (const char* bad : {"", "bytes", "bytes 3-9", "bytes 9-3/20", "3-9/20",
                          "bytes 3-9/9", "bytes -9/20", "bytes */20",
                          "bytes 3-99999999999999999999/*"}) {
    EXPECT_FALSE(parse_content_range(bad)) << bad;
  }
}

TEST(TokenAnswer, IsReadFromEitherMember) {
  EXPECT_EQ(parse_token_answer(R"({"token":"a"})")->token, "a");
  EXPECT_EQ(parse_token_answer(R"({"token":"a"})")->seconds, 60);
  EXPECT_EQ(parse_token_answer(R"({"token":"","access_token":"b"})")->token,
            "b");
  EXPECT_EQ(parse_token_answer(R"({"token":"a","expires_in":300})")->seconds,
            300);
  EXPECT_EQ(parse_token_answer(R"({"token":"a","expires_in":-3})")->seconds, 0);
  EXPECT_EQ(
      parse_token_answer(R"({"token":"a","expires_in":18446744073709551615})")
          ->seconds,
      7 * 24 * 3600);
  for (const char* bad : {"", "{", "[]", "{}", R"({"token":1})",
                          R"({"token":"a b"})", R"({"token":"a\r\nX: y"})"}) {
    EXPECT_FALSE(parse_token_answer(bad)) << bad;
  }
}

}  // namespace
}  // namespace skerry::registry
