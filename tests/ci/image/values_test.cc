#include <gtest/gtest.h>

#include "core/error.h"
#include "image/instruction_values.h"
#include "image/variables.h"

namespace skerry::ci {
namespace {

std::string expanded(std::string_view word) {
  try {
    return expand(word, '\\', [](std::string_view name) {
      if (name == "X") return std::optional<std::string>("x");
      if (name == "EMPTY") return std::optional<std::string>("");
      return std::optional<std::string>();
    });
  } catch (const Error& e) {
    return "! " + e.message();
  }
}

TEST(Variables, AreReplaced) {
  struct Case {
    const char* word;
    const char* expected;
  };
  const Case cases[] = {
      {"a$X-b", "ax-b"},
      {"${X}y", "xy"},
      {"$NONE", ""},
      {"${NONE:-d}", "d"},
      {"${NONE:-${X}$X}", "xx"},
      {"${EMPTY:-d}", "d"},
      {"${EMPTY-d}", ""},
      {"${X:+s}", "s"},
      {"${EMPTY:+s}", ""},
      {"${EMPTY+s}", "s"},
      {"${NONE:-\"a b\"}", "a b"},
      {"'$X'", "$X"},
      {"\"$X \\$X \\\"\"", "x $X \""},
      {"\\$X", "$X"},
      {"$", "$"},
      {"$ X", "$ X"},
      {"a\\ b", "a b"},
      {"${X", "! '${' is not closed"},
      {"${}", "! '${' needs a name"},
      {"${NONE:?gone}", "! NONE: gone"},
      {"${X:?gone}", "x"},
      {"${X#a}", "! '${X#a}' is not supported; :-, - , :+, + and :? are"},
      {"'a", "! the quote ' is not closed"},
      {"\"a", "! the quote \" is not closed"},
  };
  for (const Case& c : cases) EXPECT_EQ(expanded(c.word), c.expected) << c.word;
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "${NONE:-";
  deep += std::string(1000, '}');
  EXPECT_EQ(expanded(deep), "! variables are nested too deeply");
}

TEST(Words, AreSplitOutsideOfQuotes) {
  EXPECT_EQ(split_words("a 'b c' \"d e\"f g\\ h", '\\'),
            (std::vector<std::string>{"a", "'b c'", "\"d e\"f", "g\\ h"}));
  EXPECT_EQ(split_at_spaces(" a\t 'b  c' "),
            (std::vector<std::string>{"a", "'b", "c'"}));
}

TEST(Values, DurationsPortsAndSignals) {
  EXPECT_EQ(parse_duration("1m30s"), 90'000'000'000);
  EXPECT_EQ(parse_duration("1.5s"), 1'500'000'000);
  EXPECT_EQ(parse_duration("500ms"), 500'000'000);
  for (const char* bad : {"", "5", "s", "5d", "-1s", "1s5", "1e400s"}) {
    EXPECT_THROW(parse_duration(bad), Error) << bad;
  }
  EXPECT_EQ(parse_ports("80"), std::vector<std::string>{"80/tcp"});
  EXPECT_EQ(parse_ports("80-81/UDP"),
            (std::vector<std::string>{"80/udp", "81/udp"}));
  for (const char* bad : {"", "0", "65536", "2-1", "80/x", "a", "80/"}) {
    EXPECT_THROW(parse_ports(bad), Error) << bad;
  }
  EXPECT_EQ(parse_signal("SIGTERM"), "SIGTERM");
  EXPECT_EQ(parse_signal("9"), "9");
  for (const char* bad : {"", "0", "99", "sig term"}) {
    EXPECT_THROW(parse_signal(bad), Error) << bad;
  }
}

}  // namespace
}  // namespace skerry::ci
