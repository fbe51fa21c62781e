#include <gtest/gtest.h>

#include "gotemplate/print.h"

namespace skerry::chart {
namespace {

TEST(Sprintf, FollowsGo) {
  struct Case {
    const char* format;
    std::vector<Value> values;
    const char* text;
  };
  for (auto& [format, values, text] : std::initializer_list<Case>{
           {"%d|%5d|%-5d|%05d", {1, 2, 3, 4}, "1|    2|3    |00004"},
           {"%+d % d %x %X %#x %o %b", {1, 2, 255, 255, 255, 8, 5},
            "+1  2 ff FF 0xff 10 101"},
           {"%s %q %v", {"a", "b\n", "c"}, "a \"b\\n\" c"},
           {"%.2f %6.1f %e %g", {1.005, 2.25, 1234.5, 1e21},
            "1.00    2.2 1.234500e+03 1e+21"},
           {"%t %v", {true, false}, "true false"},
           {"%T %T", {1, "x"}, "int string"},
           {"%s", {1.5}, "%!s(float64=1.5)"},
           {"%d", {"x"}, "%!d(string=x)"},
           {"%d %d", {1}, "1 %!d(MISSING)"},
           {"x", {1}, "x%!(EXTRA int=1)"},
           {"%[2]d %[1]d", {1, 2}, "2 1"},
           {"%[3]d", {1}, "%!d(BADINDEX)"},
           {"%*d", {4, 7}, "   7"},
           {"100%", {}, "100%!(NOVERB)"},
           {"%v", {Value()}, "<nil>"},
           {"%c %U %q", {65, 0x2603, 'x'}, "A U+2603 'x'"},
           {"%5s|%-5s|%.1s", {"ab", "ab", "ab"}, "   ab|ab   |a"},
           {"%x", {"hi"}, "6869"}}) {
    EXPECT_EQ(sprintf(format, values), text) << format;
  }
}

TEST(Sprintf, BoundsWidths) {
  std::vector<Value> values{1};
  EXPECT_LT(sprintf("%99999999999d", values).size(), 100u);
}

TEST(Sprint, PutsBlanksBetweenOperandsThatAreNoStrings) {
  std::vector<Value> values{1, 2, "a", "b", 3};
  EXPECT_EQ(sprint(values), "1 2ab3");
}

TEST(Quote, EscapesAsStrconv) {
  EXPECT_EQ(quote("a\"\\\n\x01\xFF\xC3\xA9"), "\"a\\\"\\\\\\n\\x01\\xff\xC3\xA9\"");
  EXPECT_EQ(quote_ascii("\xC3\xA9"), "\"\\u00e9\"");
}

}  // namespace
}  // namespace skerry::chart
