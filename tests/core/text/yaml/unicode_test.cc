#include <gtest/gtest.h>

#include "core/text/unicode.h"

namespace skerry {
namespace {

TEST(Unicode, KnowsCasesAndClasses) {
  EXPECT_EQ(unicode::to_upper(U'\u00e9'), U'\u00c9');
  EXPECT_EQ(unicode::to_lower(U'\u0100'), U'\u0101');
  EXPECT_EQ(unicode::to_upper(U'\u0101'), U'\u0100');
  EXPECT_EQ(unicode::to_title(U'\u01c6'), U'\u01c5');
  EXPECT_TRUE(unicode::is_letter(U'\ud55c'));
  EXPECT_FALSE(unicode::is_letter(U'\u2603'));
  EXPECT_TRUE(unicode::is_printable(U'\u2603'));
  EXPECT_FALSE(unicode::is_printable(U'\u00a0'));
}

TEST(Unicode, RepairsBrokenUtf8) {
  EXPECT_EQ(unicode::repaired("a\xFF" "b"), "a\xEF\xBF\xBD" "b");
  EXPECT_EQ(unicode::repaired("\xED\xA0\x80"),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_TRUE(unicode::is_valid("\xEF\xBF\xBD"));
  EXPECT_EQ(unicode::count("h\xC3\xA9"), 2u);
}

}  // namespace
}  // namespace skerry
