#include "gotemplate/go_time.h"

#include <gtest/gtest.h>

namespace skerry::chart {
namespace {

TEST(GoTime, FormatsLayouts) {
  GoTime time{1'577'934'245, 120'000'000};  // 2020-01-02 03:04:05.12 UTC
  struct Case {
    const char *layout, *text;
  };
  for (auto [layout, text] : std::initializer_list<Case>{
           {"2006-01-02T15:04:05Z07:00", "2020-01-02T03:04:05Z"},
           {"Mon Jan _2 15:04:05 2006", "Thu Jan  2 03:04:05 2020"},
           {"Monday, January 2 06 3:04PM", "Thursday, January 2 20 3:04AM"},
           {"15:04:05.000 .99 -0700 MST", "03:04:05.120 .12 +0000 UTC"},
           {"002 __2 01 1", "002   2 01 1"},
           {"Janus", "Janus"}}) {
    EXPECT_EQ(format_time(time, layout), text) << layout;
  }
}

TEST(GoTime, ReadsWhatItWrites) {
  for (const char* layout :
       {"2006-01-02 15:04:05", "Mon, 02 Jan 2006 15:04:05 -0700",
        "2006-01-02T15:04:05.000Z07:00", "Jan 2, 2006 at 3:04:05pm"}) {
    GoTime time{1'600'000'000};
    auto read = parse_time(layout, format_time(time, layout));
    ASSERT_TRUE(read) << layout;
    EXPECT_EQ(read->seconds, time.seconds) << layout;
  }
  EXPECT_FALSE(parse_time("2006-01-02", "2020-02-30"));
  EXPECT_FALSE(parse_time("2006-01-02", "2020-2-03"));
}

TEST(GoDuration, ReadsAndPrints) {
  EXPECT_EQ(format_duration(*parse_duration("1h2m3.5s")), "1h2m3.5s");
  EXPECT_EQ(format_duration(*parse_duration("-90s")), "-1m30s");
  EXPECT_EQ(format_duration(1'500), "1.5\xC2\xB5s");
  EXPECT_EQ(format_duration(0), "0s");
  for (const char* bad : {"", "1", "h", "1x", "1..5s"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

}  // namespace
}  // namespace skerry::chart
