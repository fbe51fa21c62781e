#include "jenkinsfile/lexer.h"

#include <array>
#include <charconv>

#include "jenkinsfile/cursor.h"
#include "jenkinsfile/text_lexer.h"

namespace skerry::ci {
namespace {

// Longest first.
constexpr std::array<std::string_view, 32> kSigns = {
    "<=>", "==~", "...", "==", "!=", "<=", ">=", "&&", "||", "?:", "?.",
    "=~",  "->",  "+=",  "-=", "++", "--", "**", "{",  "}",  "(",  ")",
    "[",   "]",   ",",   ":",  ";",  "=",  "+",  ".",  "!",  "?"};
// Read, and refused by the parser by name.
constexpr std::string_view kOtherSigns = "-*%<>&|^~@";

class Lexer {
 public:
  Lexer(std::string_view text, Place start, Faults& faults)
      : cursor_(text, start), faults_(faults) {}

  std::vector<Token> run() {
    if (cursor_.at("\xEF\xBB\xBF")) cursor_.skip(3);
    if (cursor_.at("#!")) skip_line();
    while (true) {
      space_ = skip_space();
      if (cursor_.at_end()) break;
      read_token();
    }
    add(Token::Kind::end, cursor_.place());
    return std::move(tokens_);
  }

 private:
  Token& add(Token::Kind kind, const Place& place) {
    tokens_.push_back({});
    tokens_.back().kind = kind;
    tokens_.back().place = place;
    tokens_.back().after_space = space_;
    return tokens_.back();
  }

  void skip_line() {
    while (!cursor_.at_end() && cursor_.peek() != '\n') cursor_.next();
  }

  void skip_comment() {
    const Place start = cursor_.place();
    cursor_.skip(2);
    while (!cursor_.at("*/")) {
      if (cursor_.at_end()) {
        faults_.add(start, "the comment is not closed");
        return;
      }
      cursor_.next();
    }
    cursor_.skip(2);
  }

  bool skip_space() {
    const std::size_t start = cursor_.offset();
    while (!cursor_.at_end()) {
      const char c = cursor_.peek();
      if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        cursor_.next();
      } else if (c == '\n' && !brackets_.empty() && brackets_.back() != '{') {
        cursor_.next();
      } else if (cursor_.at("//")) {
        skip_line();
      } else if (cursor_.at("/*")) {
        skip_comment();
      } else if (cursor_.at("\\\n")) {
        cursor_.skip(2);
      } else if (cursor_.at("\\\r\n")) {
        cursor_.skip(3);
      } else {
        break;
      }
    }
    return cursor_.offset() != start;
  }

  void read_token() {
    const char c = cursor_.peek();
    const Place place = cursor_.place();
    if (c == '\n') {
      cursor_.next();
      add(Token::Kind::newline, place);
    } else if (is_word_start(c)) {
      const std::size_t start = cursor_.offset();
      while (is_word_part(cursor_.peek())) cursor_.next();
      add(Token::Kind::word, place).spelling = cursor_.since(start);
    } else if (c >= '0' && c <= '9') {
      read_number(place);
    } else if (c == '\'' || c == '"' || c == '/') {
      auto pieces = lex_text(cursor_, faults_);
      add(Token::Kind::text, place).pieces = std::move(pieces);
    } else {
      read_sign(place);
    }
  }

  void read_number(const Place& place) {
    const std::size_t start = cursor_.offset();
    while (is_word_part(cursor_.peek()) ||
           (cursor_.peek() == '.' && cursor_.peek(1) >= '0' &&
            cursor_.peek(1) <= '9')) {
      cursor_.next();
    }
    std::string digits;
    for (const char c : cursor_.since(start)) {
      if (c != '_') digits += c;
    }
    Token& token = add(Token::Kind::integer, place);
    token.spelling = cursor_.since(start);
    const char* end = digits.data() + digits.size();
    auto parsed = std::from_chars(digits.data(), end, token.integer);
    if (parsed.ec == std::errc() && parsed.ptr == end &&
        (digits.size() == 1 || digits[0] != '0')) {
      return;
    }
    token.kind = Token::Kind::decimal;
    parsed = std::from_chars(digits.data(), end, token.decimal,
                             std::chars_format::fixed);
    if (parsed.ec != std::errc() || parsed.ptr != end ||
        digits.find('.') == std::string::npos) {
      faults_.add(place, "'{}' is not a number that is supported",
                  token.spelling);
    }
  }

  void read_sign(const Place& place) {
    for (const std::string_view sign : kSigns) {
      if (!cursor_.at(sign)) continue;
      cursor_.skip(sign.size());
      add(Token::Kind::sign, place).spelling = sign;
      track(sign.front());
      return;
    }
    const char c = cursor_.next();
    if (kOtherSigns.find(c) != std::string_view::npos) {
      add(Token::Kind::sign, place).spelling = std::string(1, c);
    } else if (!refused_) {  // one fault for a run of such bytes
      const auto byte = static_cast<unsigned char>(c);
      if (byte > 0x20 && byte < 0x7F) {
        faults_.add(place, "unexpected character '{}'", c);
      } else {
        faults_.add(place, "unexpected byte 0x{:02x} outside of a string",
                    byte);
      }
      refused_ = true;
      return;
    }
    refused_ = false;
  }

  void track(char sign) {
    if (sign == '{' || sign == '(' || sign == '[') {
      brackets_.push_back(sign);
    } else if (sign == '}' || sign == ')' || sign == ']') {
      const char open = sign == '}' ? '{' : sign == ')' ? '(' : '[';
      // A bracket that closes nothing is the parser's to report; one that was
      // forgotten inside a block ends with the block.
      if (sign == '}') {
        while (!brackets_.empty() && brackets_.back() != '{') {
          brackets_.pop_back();
        }
      }
      if (!brackets_.empty() && brackets_.back() == open) brackets_.pop_back();
    }
  }

  Cursor cursor_;
  Faults& faults_;
  std::vector<Token> tokens_;
  std::string brackets_;
  bool space_ = false;
  bool refused_ = false;
};

}  // namespace

std::vector<Token> lex(std::string_view text, Place start, Faults& faults) {
  return Lexer(text, start, faults).run();
}

}  // namespace skerry::ci
