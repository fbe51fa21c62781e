#include "cli/flags.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace skerry::chart {
namespace {

const std::vector<Flag> kKnown = {{"values", 'f'},
                                  {"strict", 's', false},
                                  {"mode", 0, true, "plain"},
                                  {"old", 0, false, "", "use --strict"}};

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

TEST(Flags, CutsListsAsCsv) {
  Flags flags({"--values=a,\"b,c\",d\"e"}, kKnown);
  EXPECT_EQ(flags.list("values"),
            (std::vector<std::string>{"a", "b,c", "d\"e"}));
}

TEST(Flags, ReadsBundlesDefaultsAndWarns) {
  Flags flags({"-sfx", "--mode", "y", "--old"}, kKnown);
  EXPECT_TRUE(flags.has("strict"));
  EXPECT_EQ(flags.text("values"), "x");
  EXPECT_EQ(flags.text("mode"), "plain");
  EXPECT_EQ(flags.positional(), (std::vector<std::string>{"y"}));
  EXPECT_EQ(flags.warnings(), (std::vector<std::string>{
                                  "Flag --old has been deprecated, use "
                                  "--strict"}));
}

TEST(Flags, RefusesOthers) {
  struct Case {
    const char *argument, *error;
  };
  for (auto [argument, error] : std::initializer_list<Case>{
           {"--nope", "unknown flag: --nope"},
           {"-xs", "unknown shorthand flag: 'x' in -xs"},
           {"-sx", "unknown shorthand flag: 'x' in -x"},
           {"--values", "flag needs an argument: --values"},
           {"-sf", "flag needs an argument: 'f' in -f"},
           {"--=x", "bad flag syntax: --=x"},
           {"--strict=maybe",
            "invalid argument \"maybe\" for \"--strict\" flag: "
            "strconv.ParseBool: parsing \"maybe\": invalid syntax"}}) {
    try {
      Flags flags({argument}, kKnown);
      ADD_FAILURE() << argument;
    } catch (const Error& problem) {
      EXPECT_EQ(problem.message(), error);
    }
  }
}

}  // namespace
}  // namespace skerry::chart
