#include "cli/flags.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace skerry::chart {
namespace {

const std::vector<Flag> kKnown = {{"values", 'f'}, {"strict", 0, false}};

TEST(Flags, ReadsHelmsForms) {
  Flags flags({"a", "-f", "x", "--values=y,z", "-fw", "--strict", "b", "--",
               "-f"},
              kKnown);
  EXPECT_EQ(flags.positional(),
            (std::vector<std::string>{"a", "b", "-f"}));
  EXPECT_EQ(flags.list("values"),
            (std::vector<std::string>{"x", "y", "z", "w"}));
  EXPECT_TRUE(flags.has("strict"));
  EXPECT_FALSE(Flags({"--strict=false"}, kKnown).has("strict"));
}

TEST(Flags, RefusesOthers) {
  for (const char* bad : {"--nope", "-x", "--values"}) {
    EXPECT_THROW(Flags({bad}, kKnown), Error) << bad;
  }
}

}  // namespace
}  // namespace skerry::chart
