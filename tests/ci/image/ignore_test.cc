#include "image/ignore.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "image/pattern.h"

namespace skerry::ci {
namespace {

TEST(Pattern, MatchesAsGoDoes) {
  struct Case {
    const char* pattern;
    const char* path;
    bool expected;
  };
  const Case cases[] = {
      {"a", "a", true},        {"a", "b", false},
      {"*", "abc", true},      {"*", "a/b", false},
      {"a*c", "abbc", true},   {"a*c", "abbd", false},
      {"?", "a", true},        {"?", "ab", false},
      {"[a-c]x", "bx", true},  {"[^a-c]x", "bx", false},
      {"[^a-c]x", "dx", true}, {"\\*", "*", true},
      {"\\*", "a", false},     {"a/*/c", "a/b/c", true},
      {"**/c", "c", true},     {"**/c", "a/b/c", true},
      {"a/**", "a/b/c", true}, {"a/**/z", "a/z", true},
      {"**", "x/y", true},     {"*.txt", "d/a.txt", false},
      {"[]a]", "]", true},     {"[", "[", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(match_pattern(c.pattern, c.path), c.expected)
        << c.pattern << " " << c.path;
  }
  const std::string many(2000, '*'), text(20'000, 'a');
  EXPECT_FALSE(match_pattern("*a*a*a*a*a*a*a*a*a*a*b", text));
  EXPECT_FALSE(match_pattern(many + "b", text));
}

TEST(Pattern, TellsWhatIsOne) {
  EXPECT_TRUE(is_pattern("a*"));
  EXPECT_FALSE(is_pattern("a\\*"));
  EXPECT_EQ(pattern_fault("a[b"), "'[' is not closed");
  EXPECT_EQ(pattern_fault("a\\"), "nothing follows the backslash");
  EXPECT_EQ(pattern_fault("a[b]*"), "");
}

TEST(Dockerignore, TheLastMatchDecides) {
  const IgnoreRules rules(
      "\xEF\xBB\xBF# comment\n/build\n*.log\n!keep.log\ndocs\n!docs/a\n"
      "tmp/\n\n!\n ./x/../y \n",
      ".dockerignore");
  struct Case {
    const char* path;
    bool expected;
  };
  const Case cases[] = {
      {"build", true},  {"build/x/y", true}, {"src/build", false},
      {"a.log", true},  {"keep.log", false}, {"d/a.log", false},
      {"docs/b", true}, {"docs/a", false},   {"docs/a/b", false},
      {"tmp/x", true},  {"y", true},         {"x", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(rules.ignores(c.path), c.expected) << c.path;
  }
  EXPECT_FALSE(IgnoreRules().ignores("x"));
  EXPECT_THROW(IgnoreRules("a\n[b\n", ".dockerignore"), Error);
}

}  // namespace
}  // namespace skerry::ci
