#include <gtest/gtest.h>

#include "core/text/yaml.h"

namespace skerry {
namespace {

std::string parsed(const std::string& text) {
  return parse_yaml(text, "x.yaml").dump();
}

std::string go_error(const std::string& text) {
  auto result = read_yaml(text, YamlRead::first_document);
  auto* problem = std::get_if<YamlProblem>(&result);
  return problem ? problem->go_text : "";
}

std::string error(const std::string& text, const YamlLimits& limits = {}) {
  try {
    parse_yaml(text, "x.yaml", limits);
    return "";
  } catch (const Error& e) {
    return e.message();
  }
}

TEST(Yaml, ResolvesScalarsAsYaml11) {
  struct Case {
    const char *text, *json;
  };
  for (auto [text, json] : std::initializer_list<Case>{
           {"a", R"("a")"},
           {"yes", "true"},
           {"Off", "false"},
           {"~", "null"},
           {"", "null"},
           {"0777", "511"},
           {"0o17", "15"},
           {"0x1F", "31"},
           {"0b101", "5"},
           {"1_000", "1000"},
           {"-7", "-7"},
           {"12345678901234567890", "12345678901234567890"},
           {"1e3", "1000.0"},
           {"1e400", R"("1e400")"},
           {".5", "0.5"},
           {"08", "8.0"},
           {"2001-12-14", R"("2001-12-14")"},
           {"12:30:45", R"("12:30:45")"},
           {"'1'", R"("1")"},
           {"!!str 1", R"("1")"},
           {"!!float 1", "1.0"},
           {"!!binary aGVsbG8=", R"("hello")"},
           {"!custom 1", R"("1")"},
           {"oFF", R"("oFF")"}}) {
    EXPECT_EQ(parsed(text), json) << text;
  }
}

TEST(Yaml, MakesKeysStrings) {
  EXPECT_EQ(parsed("{1: a, y: b, 1.5: c, null-ish: d}"),
            R"({"1":"a","1.5":"c","null-ish":"d","true":"b"})");
}

TEST(Yaml, TakesTheLastOfEqualKeys) {
  EXPECT_EQ(parsed("a: 1\na: 2\n"), R"({"a":2})");
}

TEST(Yaml, ResolvesAnchorsAndMergeKeys) {
  EXPECT_EQ(parsed("b: &b {x: 1, y: 2}\nd: {<<: *b, x: 3}\nr: *b\n"),
            R"({"b":{"true":2,"x":1},"d":{"true":2,"x":3},)"
            R"("r":{"true":2,"x":1}})");
  EXPECT_EQ(parsed("- &a {k: 1}\n- &b {k: 2, j: 3}\n- {<<: [*a, *b]}\n"),
            R"([{"k":1},{"j":3,"k":2},{"j":3,"k":1}])");
}

TEST(Yaml, ReadsSeveralDocuments) {
  auto documents = parse_yaml_documents("a: 1\n---\n---\n- b\n", "x");
  ASSERT_EQ(documents.size(), 3u);
  EXPECT_TRUE(documents[1].is_null());
  EXPECT_EQ(error("a: 1\n---\nb: 2\n"),
            "x.yaml: holds 2 YAML documents where one is expected");
}

TEST(Yaml, FirstDocumentAloneIsReadOnRequest) {
  auto result = read_yaml("a: 1\n---\n{{\n", YamlRead::first_document);
  ASSERT_TRUE(std::holds_alternative<std::vector<Json>>(result));
}

TEST(Yaml, AcceptsByteOrderMarkAndCrLf) {
  EXPECT_EQ(parsed("\xEF\xBB\xBF" "a: 1\r\nb: 2\r\n"), R"({"a":1,"b":2})");
}

TEST(Yaml, NamesThePlaceOfAnError) {
  EXPECT_EQ(error("a: 1\nb: c: d\n"),
            "x.yaml:2:5: mapping values are not allowed in this context");
  EXPECT_EQ(error("a: *nope"), "x.yaml:1:4: unknown anchor 'nope' referenced");
}

TEST(Yaml, SpeaksAsGoYamlDoes) {
  EXPECT_EQ(go_error("a: 1\nb: c: d\n"),
            "yaml: line 2: mapping values are not allowed in this context");
  EXPECT_EQ(go_error("a: [1, 2"),
            "yaml: line 1: did not find expected ',' or ']'");
  EXPECT_EQ(go_error("~: x"), "unsupported map key of type: %!s(<nil>), key: "
                              "<nil>, value: \"x\"");
  EXPECT_EQ(go_error("{{ x }}: 1"),
            "yaml: invalid map key: map[interface {}]interface {}{\"x\":"
            "interface {}(nil)}");
  EXPECT_EQ(go_error("a: .nan"), "json: unsupported value: NaN");
}

TEST(Yaml, StopsAliasBombs) {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    char before = static_cast<char>(c - 1);
    text += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) {
      text += (i ? ",*" : "*") + std::string(1, before);
    }
    text += "]\n";
  }
  EXPECT_NE(error(text).find("more than 1000000 values"), std::string::npos);
}

TEST(Yaml, StopsAtSelfReferenceAndDepth) {
  EXPECT_EQ(error("&a [*a]"), "x.yaml:1:5: anchor 'a' value contains itself");
  EXPECT_NE(error(std::string(500, '[')).find("deeper than 128"),
            std::string::npos);
  EXPECT_EQ(error(std::string(100, '[') + std::string(100, ']')), "");
}

}  // namespace
}  // namespace skerry
