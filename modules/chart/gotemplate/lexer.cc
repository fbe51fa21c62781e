#include "gotemplate/lexer.h"
#include "gotemplate/print.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

constexpr char32_t kEnd = 0xFFFFFFFF;
constexpr std::string_view kLeft = "{{", kRight = "}}";

bool is_space(char32_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_alphanumeric(char32_t c) {
  if (c == kEnd) return false;
  return c == '_' || unicode::is_letter(c) || unicode::is_digit(c);
}

struct Keyword {
  std::string_view word;
  TokenType type;
};

constexpr Keyword kKeywords[] = {
    {"block", TokenType::block_keyword},
    {"break", TokenType::break_keyword},
    {"continue", TokenType::continue_keyword},
    {"define", TokenType::define_keyword},
    {"else", TokenType::else_keyword},
    {"end", TokenType::end_keyword},
    {"if", TokenType::if_keyword},
    {"range", TokenType::range_keyword},
    {"nil", TokenType::nil},
    {"template", TokenType::template_keyword},
    {"with", TokenType::with_keyword},
};

}  // namespace

std::string describe_character(char32_t c) {
  if (c == kEnd) return "U+FFFFFFFFFFFFFFFF";
  std::string text = fmt::format("U+{:04X}", static_cast<std::uint32_t>(c));
  if (unicode::is_printable(c)) {
    text += " '";
    unicode::append(text, c);
    text += "'";
  }
  return text;
}

std::string Token::to_string() const {
  if (type == TokenType::end_of_file) return "EOF";
  if (type == TokenType::error) return text;
  if (type > TokenType::keyword) return "<" + text + ">";
  if (text.size() <= 10) return quote(text);
  // "%.10q": the first ten characters
  std::size_t i = 0;
  for (int n = 0; n < 10 && i < text.size(); ++n) unicode::next(text, i);
  return quote(std::string_view(text).substr(0, i)) + "...";
}

Token Lexer::make(TokenType type) {
  Token token{type, start_,
              std::string(input_.substr(start_, position_ - start_)),
              start_line_};
  start_ = position_;
  start_line_ = line_;
  return token;
}

Token Lexer::fail(std::string message) {
  failed_ = true;
  return {TokenType::error, start_, std::move(message), start_line_};
}

// Drops what was passed over with position_; counts its lines.
void Lexer::ignore() {
  auto skipped = input_.substr(start_, position_ - start_);
  line_ += static_cast<int>(std::count(skipped.begin(), skipped.end(), '\n'));
  start_ = position_;
  start_line_ = line_;
}

bool Lexer::starts_with(std::size_t at, std::string_view text) const {
  return at <= input_.size() && input_.substr(at, text.size()) == text;
}

char32_t Lexer::read() {
  if (position_ >= input_.size()) return kEnd;
  char32_t c = unicode::next(input_, position_);
  if (c == '\n') ++line_;
  return c;
}

char32_t Lexer::peek() const {
  if (position_ >= input_.size()) return kEnd;
  std::size_t at = position_;
  return unicode::next(input_, at);
}

bool Lexer::accept(std::string_view characters) {
  char32_t c = peek();
  if (c >= 0x80 || characters.find(static_cast<char>(c)) == characters.npos) {
    return false;
  }
  read();
  return true;
}

void Lexer::accept_run(std::string_view characters) {
  while (accept(characters)) {
  }
}

bool Lexer::at_right_delimiter(bool& trims) const {
  trims = position_ + 1 < input_.size() &&
          is_space(static_cast<unsigned char>(input_[position_])) &&
          input_[position_ + 1] == '-' && starts_with(position_ + 2, kRight);
  return trims || starts_with(position_, kRight);
}

bool Lexer::at_terminator() const {
  char32_t c = peek();
  if (c == kEnd || is_space(c)) return true;
  if (c == '.' || c == ',' || c == '|' || c == ':' || c == ')' || c == '(') {
    return true;
  }
  return starts_with(position_, kRight);
}

Token Lexer::next() {
  if (failed_) return {TokenType::end_of_file, 0, "EOF", start_line_};
  return inside_action_ ? lex_inside_action() : lex_text();
}

Token Lexer::lex_text() {
  for (;;) {
    std::size_t found = input_.find(kLeft, position_);
    if (found == input_.npos) {
      position_ = input_.size();
      if (position_ == start_) {
        return {TokenType::end_of_file, position_, "EOF", start_line_};
      }
      auto rest = input_.substr(start_);
      line_ += static_cast<int>(std::count(rest.begin(), rest.end(), '\n'));
      return make(TokenType::text);
    }
    if (found > position_) {
      std::size_t end = found, after = found + kLeft.size();
      bool trims = after + 1 < input_.size() && input_[after] == '-' &&
                   is_space(static_cast<unsigned char>(input_[after + 1]));
      while (trims && end > start_ &&
             is_space(static_cast<unsigned char>(input_[end - 1]))) {
        --end;
      }
      position_ = end;
      auto text = input_.substr(start_, end - start_);
      line_ += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
      Token token = make(TokenType::text);
      position_ = found;
      ignore();
      if (!token.text.empty()) return token;
    }
    std::size_t after = position_ + kLeft.size();
    bool trims = after + 1 < input_.size() && input_[after] == '-' &&
                 is_space(static_cast<unsigned char>(input_[after + 1]));
    std::size_t body = after + (trims ? 2 : 0);
    if (!starts_with(body, "/*")) return lex_left_delimiter();
    position_ = body;
    ignore();
    Token error;
    if (!skip_comment(error)) return error;
  }
}

bool Lexer::skip_comment(Token& error) {
  std::size_t end = input_.find("*/", position_ + 2);
  if (end == input_.npos) {
    error = fail("unclosed comment");
    return false;
  }
  position_ = end + 2;
  bool trims = false;
  if (!at_right_delimiter(trims)) {
    error = fail("comment ends before closing delimiter");
    return false;
  }
  position_ += (trims ? 2 : 0) + kRight.size();
  while (trims && position_ < input_.size() &&
         is_space(static_cast<unsigned char>(input_[position_]))) {
    ++position_;
  }
  ignore();
  return true;
}

Token Lexer::lex_left_delimiter() {
  position_ += kLeft.size();
  bool trims = position_ + 1 < input_.size() && input_[position_] == '-' &&
               is_space(static_cast<unsigned char>(input_[position_ + 1]));
  Token token = make(TokenType::left_delimiter);
  inside_action_ = true;
  if (trims) position_ += 2;
  ignore();
  parenthesis_depth_ = 0;
  return token;
}

Token Lexer::lex_right_delimiter() {
  bool trims = false;
  at_right_delimiter(trims);
  if (trims) {
    position_ += 2;
    ignore();
  }
  position_ += kRight.size();
  Token token = make(TokenType::right_delimiter);
  if (trims) {
    while (position_ < input_.size() &&
           is_space(static_cast<unsigned char>(input_[position_]))) {
      ++position_;
    }
    ignore();
  }
  inside_action_ = false;
  return token;
}

Token Lexer::lex_inside_action() {
  bool trims = false;
  if (at_right_delimiter(trims)) {
    if (parenthesis_depth_ == 0) return lex_right_delimiter();
    return fail("unclosed left paren");
  }
  char32_t c = peek();
  if (c == kEnd) return fail("unclosed action");
  if (is_space(c)) return lex_space();
  bool number_follows = position_ + 1 < input_.size() &&
                        input_[position_ + 1] >= '0' &&
                        input_[position_ + 1] <= '9';
  if (c == '+' || c == '-' || (c >= '0' && c <= '9') ||
      (c == '.' && number_follows)) {
    return lex_number();
  }
  if (is_alphanumeric(c)) return lex_identifier();
  read();
  switch (c) {
    case '=':
      return make(TokenType::assign);
    case ':':
      if (read() != '=') return fail("expected :=");
      return make(TokenType::declare);
    case '|':
      return make(TokenType::pipe);
    case '"':
    case '\'':
      return lex_quoted(static_cast<char>(c));
    case '`':
      return lex_raw_string();
    case '$':
      return lex_field_or_variable(TokenType::variable);
    case '.':
      return lex_field_or_variable(TokenType::field);
    case '(':
      ++parenthesis_depth_;
      return make(TokenType::left_parenthesis);
    case ')':
      if (--parenthesis_depth_ < 0) return fail("unexpected right paren");
      return make(TokenType::right_parenthesis);
    default:
      if (c < 0x80 && unicode::is_printable(c)) {
        return make(TokenType::character);
      }
      return fail("unrecognized character in action: " +
                  describe_character(c));
  }
}

// Spaces before a " -}}" belong to the delimiter, the last of them.
Token Lexer::lex_space() {
  std::size_t count = 0;
  while (is_space(peek())) {
    bool trims = false;
    if (at_right_delimiter(trims) && trims) {
      if (count == 0) return lex_right_delimiter();
      break;
    }
    read();
    ++count;
  }
  return make(TokenType::space);
}

Token Lexer::lex_identifier() {
  while (is_alphanumeric(peek())) read();
  if (!at_terminator()) {
    char32_t c = read();
    return fail("bad character " + describe_character(c));
  }
  auto word = input_.substr(start_, position_ - start_);
  for (auto& keyword : kKeywords) {
    if (word == keyword.word) return make(keyword.type);
  }
  bool is_boolean = word == "true" || word == "false";
  return make(is_boolean ? TokenType::boolean : TokenType::identifier);
}

Token Lexer::lex_field_or_variable(TokenType type) {
  if (at_terminator()) {
    return make(type == TokenType::variable ? type : TokenType::dot);
  }
  while (is_alphanumeric(peek())) read();
  if (!at_terminator()) {
    char32_t c = read();
    return fail("bad character " + describe_character(c));
  }
  return make(type);
}

Token Lexer::lex_quoted(char quote_character) {
  bool is_string = quote_character == '"';
  for (;;) {
    char32_t c = read();
    if (c == '\\') {
      c = read();
      if (c != kEnd && c != '\n') continue;
      c = kEnd;
    }
    if (c == kEnd || c == '\n') {
      return fail(is_string ? "unterminated quoted string"
                            : "unterminated character constant");
    }
    if (c == static_cast<char32_t>(quote_character)) break;
  }
  return make(is_string ? TokenType::string : TokenType::character_constant);
}

Token Lexer::lex_raw_string() {
  for (;;) {
    char32_t c = read();
    if (c == kEnd) return fail("unterminated raw quoted string");
    if (c == '`') return make(TokenType::raw_string);
  }
}

Token Lexer::lex_number() {
  auto bad = [this] {
    return fail("bad number syntax: " +
                quote(input_.substr(start_, position_ - start_)));
  };
  if (!scan_number()) return bad();
  char32_t sign = peek();
  if (sign != '+' && sign != '-') return make(TokenType::number);
  if (!scan_number() || input_[position_ - 1] != 'i') return bad();
  return make(TokenType::complex);
}

bool Lexer::scan_number() {
  accept("+-");
  std::string_view digits = "0123456789_";
  bool decimal = true, hexadecimal = false;
  if (accept("0")) {
    if (accept("xX")) {
      digits = "0123456789abcdefABCDEF_";
      decimal = false;
      hexadecimal = true;
    } else if (accept("oO")) {
      digits = "01234567_";
      decimal = false;
    } else if (accept("bB")) {
      digits = "01_";
      decimal = false;
    }
  }
  accept_run(digits);
  if (accept(".")) accept_run(digits);
  if ((decimal && accept("eE")) || (hexadecimal && accept("pP"))) {
    accept("+-");
    accept_run("0123456789_");
  }
  accept("i");
  if (!is_alphanumeric(peek())) return true;
  read();
  return false;
}

}  // namespace skerry::chart
