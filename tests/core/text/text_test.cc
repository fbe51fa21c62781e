#include "core/temp.h"
#include "core/text/encoding.h"
#include "core/text/glob.h"
#include "core/text/semver.h"

namespace skerry {
namespace {

TEST(Encoding, RoundTripsEveryLength) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64(to_base64url(bytes)), bytes);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    bytes += static_cast<char>(i);
  }
}

TEST(Encoding, KnowsTheVectorsOfRfc4648) {
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64("Zg="), "f");
  EXPECT_FALSE(from_base64("Z"));
  EXPECT_FALSE(from_base64("Zm9v!mFy"));
}

TEST(Encoding, RefusesBrokenPercentEscapes) {
  EXPECT_EQ(percent_decode("a%20b%2Fc"), "a b/c");
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  EXPECT_EQ(percent_encode("a b/ü"), "a%20b%2F%C3%BC");
  for (const char* bad : {"%", "%2", "%zz", "%00", "a%0"}) {
    EXPECT_FALSE(percent_decode(bad)) << bad;
  }
}

TEST(Glob, MatchesAsAnt) {
  struct Row {
    const char* pattern;
    const char* path;
    bool matches;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"*.xml", "a.xml", true},
           {"*.xml", "d/a.xml", false},
           {"**/*.xml", "a.xml", true},
           {"**/*.xml", "d/e/a.xml", true},
           {"d/**", "d/e/f", true},
           {"d/**", "d", true},
           {"d/", "d/e/f", true},
           {"d/**/f", "d/f", true},
           {"d/**/f", "d/e/g/f", true},
           {"d/**/f", "d/e/g", false},
           {"a?c", "abc", true},
           {"a?c", "a/c", false},
           {"*", "", true},
           {"", "a", false},
           {"*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
       }) {
    EXPECT_EQ(glob_match(row.pattern, row.path), row.matches)
        << row.pattern << " " << row.path;
  }
}

TEST(SemVer, ReadsAndRefuses) {
  for (const char* good :
       {"0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3+b.01", "1.0.0-a-b.0+x"}) {
    const auto version = SemVer::parse(good);
    ASSERT_TRUE(version) << good;
    EXPECT_EQ(version->to_string(), good);
  }
  for (const char* bad : {"", "1", "1.2", "1.2.3.4", "01.2.3", "v1.2.3",
                          "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+",
                          "1.2.x", "1.2.99999999999999999999"}) {
    EXPECT_FALSE(SemVer::parse(bad)) << bad;
  }
  EXPECT_EQ(SemVer::parse("v1.2", false)->to_string(), "1.2.0");
}

TEST(SemVer, OrdersAsTheStandardSays) {
  const char* const ascending[] = {
      "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
      "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1",
      "1.10.0", "2.0.0"};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
    EXPECT_TRUE(*SemVer::parse(ascending[i]) < *SemVer::parse(ascending[i + 1]))
        << ascending[i];
  }
  EXPECT_TRUE(*SemVer::parse("1.0.0+a") == *SemVer::parse("1.0.0+b"));
}

TEST(SemVer, ChecksConstraints) {
  struct Row {
    const char* constraint;
    const char* version;
    bool fits;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"*", "1.2.3", true},          {"*", "1.2.3-rc.1", false},
           {"1.2.3", "1.2.3", true},      {"=1.2.3", "1.2.4", false},
           {"!=1.2.3", "1.2.4", true},    {"1.2", "1.2.9", true},
           {"1.2", "1.3.0", false},       {"1.x", "1.9.9", true},
           {"1.x", "2.0.0", false},       {">1.2", "1.2.5", false},
           {">1.2", "1.3.0", true},       {">=1.2", "1.2.0", true},
           {"<2", "1.9.9", true},         {"<2", "2.0.0", false},
           {"<=1.2", "1.2.9", true},      {"<=1.2.3", "1.2.4", false},
           {"^1.2.3", "1.9.0", true},     {"^1.2.3", "2.0.0", false},
           {"^0.2.3", "0.2.9", true},     {"^0.2.3", "0.3.0", false},
           {"^0.0.3", "0.0.4", false},    {"^0", "0.9.0", true},
           {"~1.2.3", "1.2.9", true},     {"~1.2.3", "1.3.0", false},
           {"~1", "1.9.0", true},         {"~1", "2.0.0", false},
           {">=1, <2", "1.5.0", true},    {">=1 <2", "2.0.0", false},
           {"<1 || >2", "3.0.0", true},   {"1.2 - 1.4", "1.4.9", true},
           {"1.2 - 1.4", "1.5.0", false}, {">=1.2.3-rc.1", "1.2.3-rc.2", true},
           {">= 1.21-0", "1.29.3-eks.1", true},
           {"^1.0.0-0", "2.0.0-rc.1", false},
       }) {
    EXPECT_EQ(semver_satisfies(*SemVer::parse(row.version), row.constraint),
              row.fits)
        << row.constraint << " " << row.version;
  }
  for (const char* bad : {"", "a", ">>1", "1.2.3.4", ">=", "1 ||", "==1"}) {
    EXPECT_EQ(test::code_of(
                  [&] { semver_satisfies(*SemVer::parse("1.0.0"), bad); }),
              ErrorCode::invalid)
        << bad;
  }
}

}  // namespace
}  // namespace skerry
