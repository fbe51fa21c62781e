// Splits template text into tokens, as Go's text/template/parse does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skerry::chart {

enum class TokenType {
  error,  // the text is the message
  boolean,
  character,  // a printable ASCII character: ','
  character_constant,
  complex,
  assign,
  declare,
  end_of_file,
  field,
  identifier,
  left_delimiter,
  left_parenthesis,
  number,
  pipe,
  raw_string,
  right_delimiter,
  right_parenthesis,
  space,
  string,
  text,
  variable,
  keyword,  // only delimits the keywords
  block_keyword,
  break_keyword,
  continue_keyword,
  dot,
  define_keyword,
  else_keyword,
  end_keyword,
  if_keyword,
  nil,
  range_keyword,
  template_keyword,
  with_keyword,
};

struct Token {
  TokenType type = TokenType::end_of_file;
  std::size_t position = 0;  // in bytes
  std::string text;
  int line = 0;

  // As it appears in error messages.
  std::string to_string() const;
};

// Not thread-safe. `input` outlives the lexer.
class Lexer {
 public:
  explicit Lexer(std::string_view input) : input_(input) {}
  Token next();

 private:
  Token make(TokenType type);
  Token fail(std::string message);
  void ignore();
  bool accept(std::string_view characters);
  void accept_run(std::string_view characters);
  char32_t read();
  char32_t peek() const;
  bool at_terminator() const;
  bool at_right_delimiter(bool& trims) const;
  bool starts_with(std::size_t at, std::string_view text) const;
  Token lex_text();
  Token lex_left_delimiter();
  bool skip_comment(Token& error);
  Token lex_right_delimiter();
  Token lex_inside_action();
  Token lex_space();
  Token lex_identifier();
  Token lex_field_or_variable(TokenType type);
  Token lex_quoted(char quote);
  Token lex_raw_string();
  Token lex_number();
  bool scan_number();

  std::string_view input_;
  std::size_t position_ = 0, start_ = 0;
  int line_ = 1, start_line_ = 1;
  int parenthesis_depth_ = 0;
  bool inside_action_ = false;
  bool failed_ = false;
};

// "U+0024 '$'", as %#U.
std::string describe_character(char32_t c);

}  // namespace skerry::chart
