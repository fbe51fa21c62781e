#include "gotemplate/parser.h"

#include <gtest/gtest.h>

#include "gotemplate/error.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {
namespace {

std::string parse_error(const std::string& text) {
  try {
    parse_template("x.yaml", text, helm_functions());
    return "";
  } catch (const TemplateError& error) {
    return error.message();
  }
}

std::string printed(const std::string& text) {
  return parse_template("x.yaml", text, helm_functions())[0]->root->to_string();
}

TEST(Parser, WritesBackWhatItRead) {
  for (const char* text :
       {"{{.a.b}}", "{{$x := 1}}{{$x}}", "{{if .a}}b{{else}}c{{end}}",
        "{{range $i, $e := .l}}{{$i}}{{end}}", "{{with .x}}{{.}}{{end}}",
        "{{(dict).a.b}}", "{{template \"t\" .}}", "{{print 1 `a` nil | quote}}",
        "{{range .}}{{break}}{{continue}}{{end}}"}) {
    EXPECT_EQ(printed(text), text);
  }
  EXPECT_EQ(printed("{{if 1}}a{{else if 2}}b{{end}}"),
            "{{if 1}}a{{else}}{{if 2}}b{{end}}{{end}}");
}

TEST(Parser, RefusesAsGoDoes) {
  struct Case {
    const char *text, *error;
  };
  for (auto [text, error] : std::initializer_list<Case>{
           {"{{nosuch}}", "template: x.yaml:1: function \"nosuch\" not defined"},
           {"{{fromToml}}",
            "template: x.yaml:1: function \"fromToml\" is not supported by Skerry "
            "yet"},
           {"\n{{if 1}}", "template: x.yaml:2: unexpected EOF"},
           {"{{end}}", "template: x.yaml:1: unexpected {{end}}"},
           {"{{if}}{{end}}", "template: x.yaml:1: missing value for if"},
           {"{{$x}}", "template: x.yaml:1: undefined variable \"$x\""},
           {"{{break}}", "template: x.yaml:1: {{break}} outside {{range}}"},
           {"{{1 | 2}}",
            "template: x.yaml:1: non executable command in pipeline stage 2"},
           {"{{..a}}", "template: x.yaml:1: unexpected . after term \".\""},
           {"{{if 1}}{{else}}{{else}}{{end}}",
            "template: x.yaml:1: expected end; found {{else}}"},
           {"{{range $a, $b, $c := .}}{{end}}",
            "template: x.yaml:1: too many declarations in range"},
           {"{{define \"a\"}}1{{end}}{{define \"a\"}}2{{end}}",
            "template: x.yaml:1: template: multiple definition of template "
            "\"a\""},
           {"{{99999999999999999999}}",
            "template: x.yaml:1: integer overflow: \"99999999999999999999\""},
           {"{{ (", "template: x.yaml:1: unclosed action"}}) {
    EXPECT_EQ(parse_error(text), error) << text;
  }
}

TEST(Parser, BoundsNesting) {
  EXPECT_NE(parse_error("{{" + std::string(5000, '(')).find("max expression"),
            std::string::npos);
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "{{if 1}}";
  EXPECT_NE(parse_error(deep).find("max block depth"), std::string::npos);
  std::string chain = "{{if 1}}";
  for (int i = 0; i < 5000; ++i) chain += "{{else if 1}}";
  EXPECT_NE(parse_error(chain).find("max block depth"), std::string::npos);
}

}  // namespace
}  // namespace skerry::chart
