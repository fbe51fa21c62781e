#include <gtest/gtest.h>

#include "core/text/yaml.h"
#include "core/text/yaml_emitter.h"

namespace skerry {
namespace {

std::string scalar(const std::string& text) { return to_yaml(Json(text)); }

TEST(YamlEmit, QuotesOnlyWhereItMust) {
  struct Case {
    std::string text, yaml;
  };
  for (auto& [text, yaml] : std::initializer_list<Case>{
           {"plain", "plain\n"},
           {"", "\"\"\n"},
           {"yes", "\"yes\"\n"},
           {"y", "\"y\"\n"},
           {"123", "\"123\"\n"},
           {"1:2", "\"1:2\"\n"},
           {"0o7", "\"0o7\"\n"},
           {"2001-01-01", "\"2001-01-01\"\n"},
           {"oFF", "oFF\n"},
           {"--", "--\n"},
           {"..", "..\n"},
           {"=", "=\n"},
           {"<<", "<<\n"},
           {"?x", "?x\n"},
           {"0x", "0x\n"},
           {"a: b", "'a: b'\n"},
           {" lead", "' lead'\n"},
           {"- x", "'- x'\n"},
           {"it's", "it's\n"},
           {"'it's", "'''it''s'\n"},
           {"tab\there", "\"tab\\there\"\n"},
           {"\xF0\x9F\x98\x80", "\"\\U0001F600\"\n"},
           {"\xEF\xBB\xBFx", "\"\\uFEFF\\x78\"\n"},
           {"h\xC3\xA9llo", "h\xC3\xA9llo\n"},
           {"a\r\nb\r\n", "\"a\\r\\nb\\r\\n\"\n"}}) {
    EXPECT_EQ(scalar(text), yaml) << text;
  }
}

TEST(YamlEmit, WritesLinesAsLiteralBlocks) {
  EXPECT_EQ(scalar("a\nb"), "|-\n  a\n  b\n");
  EXPECT_EQ(scalar("a\nb\n"), "|\n  a\n  b\n");
  EXPECT_EQ(scalar("a\n\n"), "|+\n  a\n\n");
  EXPECT_EQ(scalar("\n"), "|2+\n\n");
  EXPECT_EQ(scalar("\na"), "|2-\n\n  a\n");
  EXPECT_EQ(scalar("  a\nb\n"), "|2\n    a\n  b\n");
  EXPECT_EQ(scalar("a \nb\n"), "\"a \\nb\\n\"\n");
}

TEST(YamlEmit, FoldsPlainTextPast80Columns) {
  std::string a(36, 'a'), b(44, 'b'), c(34, 'c');
  EXPECT_EQ(scalar(a + " " + b + " " + c), a + " " + b + "\n  " + c + "\n");
}

TEST(YamlEmit, KeepsSequencesAtTheirKeysColumn) {
  Json value = Json::parse(
      R"({"b":[1,[2,3],{"x":1,"y":[]}],"a":{"k":{}},"n":null,"t":true})");
  EXPECT_EQ(to_yaml(value),
            "a:\n  k: {}\nb:\n- 1\n- - 2\n  - 3\n- x: 1\n  \"y\": []\n"
            "\"n\": null\nt: true\n");
}

TEST(YamlEmit, WritesNumbersAsGoYaml) {
  EXPECT_EQ(to_yaml(Json(1e6)), "1000000\n");
  EXPECT_EQ(to_yaml(Json(2.0)), "2\n");
  EXPECT_EQ(to_yaml(Json(1e21)), "1e+21\n");
  EXPECT_EQ(to_yaml(Json(1e-7)), "1e-07\n");
  EXPECT_EQ(to_yaml(Json(0.000001)), "1e-06\n");
  EXPECT_EQ(to_yaml(Json(1.2345678901234567e19)), "12345678901234567000\n");
  EXPECT_EQ(to_yaml(Json(1000000.5)), "1.0000005e+06\n");
}

TEST(YamlEmit, SortsKeysNaturally) {
  EXPECT_TRUE(yaml_key_less("a9", "a10"));
  EXPECT_TRUE(yaml_key_less("", "1"));
  EXPECT_TRUE(yaml_key_less("1", "C"));
  EXPECT_TRUE(yaml_key_less("C", "a"));
  EXPECT_TRUE(yaml_key_less("a", "ab"));
  EXPECT_TRUE(yaml_key_less("a-b", "ab"));
  EXPECT_FALSE(yaml_key_less("a", "a"));
}

TEST(YamlEmit, UsesExplicitKeysForLongAndMultiLineOnes) {
  std::string key(130, 'k');
  EXPECT_EQ(to_yaml(Json{{key, 1}}), "? " + key + "\n: 1\n");
  EXPECT_EQ(to_yaml(Json{{"a\nb", 1}}), "? |-\n  a\n  b\n: 1\n");
}

TEST(YamlEmit, ReadsBackWhatItWrote) {
  Json value = Json::parse(
      R"({"a b":" x ","c":["- d","#e","f: g","\u0000","\u2028x","'\""],)"
      R"("h":"line\n  indented\n","i":{"j":"\t"},"k":"1e3","l":-0.5})");
  EXPECT_EQ(parse_yaml(to_yaml(value), "x"), value);
}

}  // namespace
}  // namespace skerry
