#include "gotemplate/lexer.h"

#include <gtest/gtest.h>

namespace skerry::chart {
namespace {

std::string tokens(const std::string& text) {
  Lexer lexer(text);
  std::string out;
  for (;;) {
    Token token = lexer.next();
    if (!out.empty()) out += ' ';
    out += token.to_string();
    bool ends = token.type == TokenType::end_of_file ||
                token.type == TokenType::error;
    if (ends) return out;
  }
}

TEST(Lexer, SplitsActions) {
  struct Case {
    const char *text, *tokens;
  };
  for (auto [text, wanted] : std::initializer_list<Case>{
           {"", "EOF"},
           {"a{{.x}}b", R"("a" "{{" ".x" "}}" "b" EOF)"},
           {"{{if .}}", R"("{{" <if> " " <.> "}}" EOF)"},
           {"a {{- 1 -}} b", R"("a" "{{" "1" "}}" "b" EOF)"},
           {"{{- /* c */ -}} x", R"("x" EOF)"},
           {"{{-3}}", R"("{{" "-3" "}}" EOF)"},
           {"{{$x := `r` | f}}",
            R"("{{" "$x" " " ":=" " " "`r`" " " "|" " " "f" "}}" EOF)"},
           {"{{0x1p20 1_000 'a'}}",
            R"("{{" "0x1p20" " " "1_000" " " "'a'" "}}" EOF)"}}) {
    EXPECT_EQ(tokens(text), wanted) << text;
  }
}

TEST(Lexer, SaysWhatIsWrong) {
  struct Case {
    const char *text, *error;
  };
  for (auto [text, wanted] : std::initializer_list<Case>{
           {"{{", "\"{{\" unclosed action"},
           {"{{/* a", "unclosed comment"},
           {"{{/* a */ b}}", "comment ends before closing delimiter"},
           {"{{\"a", "\"{{\" unterminated quoted string"},
           {"{{`a", "\"{{\" unterminated raw quoted string"},
           {"{{'a", "\"{{\" unterminated character constant"},
           {"{{(1}}", "\"{{\" \"(\" \"1\" unclosed left paren"},
           {"{{1)}}", "\"{{\" \"1\" unexpected right paren"},
           {"{{1x}}", "\"{{\" bad number syntax: \"1x\""},
           {"{{a-b}}", "\"{{\" bad character U+002D '-'"},
           {"{{\x01}}", "\"{{\" unrecognized character in action: U+0001"}}) {
    EXPECT_EQ(tokens(text), wanted) << text;
  }
}

TEST(Lexer, CountsLines) {
  Lexer lexer("a\nb\n{{\n.x }}");
  EXPECT_EQ(lexer.next().line, 1);
  EXPECT_EQ(lexer.next().line, 3);
  lexer.next();
  EXPECT_EQ(lexer.next().line, 4);
}

}  // namespace
}  // namespace skerry::chart
