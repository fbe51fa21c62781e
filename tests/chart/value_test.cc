#include "gotemplate/value.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "gotemplate/go_json.h"
#include "gotemplate/go_toml.h"
#include "gotemplate/go_yaml.h"
#include "gotemplate/error.h"

namespace skerry::chart {
namespace {

TEST(Value, KeepsGoKinds) {
  EXPECT_EQ(type_name(Value(1)), "int");
  EXPECT_EQ(type_name(Value::of_int64(1)), "int64");
  EXPECT_EQ(type_name(Value(1.0)), "float64");
  EXPECT_EQ(type_name(Value()), "<nil>");
  EXPECT_EQ(type_name(Value::new_map()), "map[string]interface {}");
  EXPECT_EQ(type_name(Value::of_strings({})), "[]string");
  EXPECT_EQ(kind_name(Value::new_list({})), "slice");
  EXPECT_EQ(kind_name(Value()), "invalid");
}

TEST(Value, SharesMapsAndCopiesOnRequest) {
  Value map = Value::new_map(), alias = map, copy = deep_copy(map);
  map.set("a", 1);
  EXPECT_NE(alias.find("a"), nullptr);
  EXPECT_EQ(copy.find("a"), nullptr);
}

TEST(Value, ComparesDeeply) {
  Value a = from_json(Json::parse(R"({"a":[1,{"b":null}]})"));
  Value b = from_json(Json::parse(R"({"a":[1,{"b":null}]})"));
  EXPECT_TRUE(deep_equal(a, b));
  b.set("a", 1);
  EXPECT_FALSE(deep_equal(a, b));
  EXPECT_FALSE(deep_equal(Value(1), Value(1.0)));
}

TEST(Value, IsDestroyedWithoutRecursion) {
  Value nested = Value::new_list({});
  for (int i = 0; i < 1'000'000; ++i) nested = Value::new_list({nested});
  nested = Value();
}

TEST(GoJson, WritesAndReadsAsGo) {
  Value value = read_go_json(R"( {"b":[1.50,true,null,"<\u00e9\n"],"a":1e21} )");
  EXPECT_EQ(write_json(value),
            "{\"a\":1e+21,\"b\":[1.5,true,null,\"\\u003c\xC3\xA9\\n\"]}");
  EXPECT_EQ(write_json(value, {false, ""}),
            "{\"a\":1e+21,\"b\":[1.5,true,null,\"<\xC3\xA9\\n\"]}");
}

TEST(GoJson, NamesTheWrongCharacter) {
  struct Case {
    const char *text, *error;
  };
  for (auto [text, error] : std::initializer_list<Case>{
           {"", "unexpected end of JSON input"},
           {"[1", "unexpected end of JSON input"},
           {"[1 2]", "invalid character '2' after array element"},
           {"{1}", "invalid character '1' looking for beginning of object key "
                   "string"},
           {"{\"a\" 1}", "invalid character '1' after object key"},
           {"{\"a\":1 b}", "invalid character 'b' after object key:value pair"},
           {"nul", "unexpected end of JSON input"},
           {"01", "invalid character '1' after top-level value"},
           {"\"\\x\"", "invalid character 'x' in string escape code"},
           {"\"\n\"", "invalid character '\\n' in string literal"},
           {"1.", "unexpected end of JSON input"}}) {
    try {
      read_go_json(text);
      ADD_FAILURE() << text;
    } catch (const TemplateError& e) {
      EXPECT_EQ(e.message(), error) << text;
    }
  }
}

TEST(GoYaml, GoesThroughJson) {
  EXPECT_EQ(write_yaml(Value("a\xC2\x85" "b")), "a b");
  EXPECT_THROW(write_yaml(Value("\x7F")), Error);
  EXPECT_EQ(write_yaml(Value("\xFF")), "\xEF\xBF\xBD");
}

TEST(GoToml, WritesTables) {
  Value value = from_json(
      Json::parse(R"({"b":{"c":1,"d":[{"e":"x"}]},"a":[1,"y"],"f g":true})"));
  EXPECT_EQ(write_toml(value),
            "a = [1.0, \"y\"]\n\"f g\" = true\n\n[b]\n  c = 1.0\n\n"
            "  [[b.d]]\n    e = \"x\"\n");
}

}  // namespace
}  // namespace skerry::chart
