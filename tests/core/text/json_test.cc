#include "core/text/json.h"

#include "core/temp.h"

namespace skerry {
namespace {

TEST(Json, ReadsWhatTheStandardAllows) {
  EXPECT_EQ(parse_json(R"({"a":[1,2.5,"x",null,true]})")["a"][2], "x");
  EXPECT_EQ(parse_json("\"\\u00e9\""), "é");
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text :
       {"", "{", "{]", "{\"a\":1,}", "nul", "01", "\"\xff\"", "{\"a\":1}x",
        "'a'", "// c\n1", "[1 2]", "{\"a\" 1}", "\"\n\""}) {
    EXPECT_EQ(test::code_of([&] { parse_json(text); }), ErrorCode::invalid)
        << text;
  }
}

TEST(Json, SaysWhereItIsWrong) {
  try {
    parse_json("{\n  \"a\": x\n}");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("line 2, column 8"), std::string::npos)
        << error.message();
  }
}

TEST(Json, RefusesARepeatedMember) {
  EXPECT_EQ(test::code_of([] { parse_json(R"({"a":1,"b":{"a":1},"a":2})"); }),
            ErrorCode::invalid);
  EXPECT_NO_THROW(parse_json(R"({"a":1,"b":{"a":1}})"));
}

TEST(Json, SurvivesAHundredThousandNestedArrays) {
  const std::string bomb(100'000, '[');
  EXPECT_EQ(test::code_of([&] { parse_json(bomb); }), ErrorCode::too_large);
  EXPECT_NO_THROW(parse_json(std::string(128, '[') + std::string(128, ']')));
}

TEST(Json, NamesTheMemberThatIsMissingWrongOrUnknown) {
  const Json object = parse_json(R"({"name":1})");
  EXPECT_EQ(test::code_of([&] { required_string(object, "name"); }),
            ErrorCode::invalid);
  EXPECT_EQ(test::code_of([&] { required_string(object, "other"); }),
            ErrorCode::invalid);
  EXPECT_EQ(optional_string(object, "other", "x"), "x");
  EXPECT_EQ(test::code_of([&] {
              refuse_unknown_members(object, {"title"}, "the project");
            }),
            ErrorCode::invalid);
}

}  // namespace
}  // namespace skerry
