#include "jenkinsfile/text_lexer.h"

#include <cctype>
#include <charconv>

namespace skerry::ci {
namespace {

struct Quote {
  std::string_view end;
  bool interpolates = false;
  bool many_lines = false;
  bool slashy = false;
};

Quote quote_at(const Cursor& cursor) {
  if (cursor.at("'''")) return {"'''", false, true};
  if (cursor.at("\"\"\"")) return {"\"\"\"", true, true};
  if (cursor.at("'")) return {"'"};
  if (cursor.at("\"")) return {"\"", true};
  return {"/", true, false, true};
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

class TextLexer {
 public:
  TextLexer(Cursor& cursor, Faults& faults)
      : cursor_(cursor), faults_(faults), quote_(quote_at(cursor)) {}

  std::vector<TextPiece> run() {
    const Place start = cursor_.place();
    cursor_.skip(quote_.end.size());
    while (!broken_) {
      if (cursor_.at_end() || (cursor_.peek() == '\n' && !quote_.many_lines)) {
        faults_.add(start, "the string is not closed");
        break;
      }
      if (cursor_.at(quote_.end)) {
        cursor_.skip(quote_.end.size());
        break;
      }
      read_one();
    }
    flush();
    return std::move(pieces_);
  }

 private:
  void read_one() {
    const char c = cursor_.peek();
    if (c == '\\') {
      read_escape();
    } else if (c == '$' && quote_.interpolates) {
      read_interpolation();
    } else if (c == '\r' && cursor_.peek(1) == '\n') {
      cursor_.next();  // Groovy reads every end of line as \n
    } else {
      text_ += cursor_.next();
    }
  }

  void read_escape() {
    const Place place = cursor_.place();
    if (quote_.slashy) {
      cursor_.next();
      if (cursor_.peek() == '/') {
        text_ += cursor_.next();
      } else {
        text_ += '\\';
      }
      return;
    }
    cursor_.next();
    if (cursor_.at_end()) return;
    if (cursor_.at("\r\n")) cursor_.next();
    const char c = cursor_.next();
    switch (c) {
      case 'n':
        text_ += '\n';
        return;
      case 't':
        text_ += '\t';
        return;
      case 'r':
        text_ += '\r';
        return;
      case 'b':
        text_ += '\b';
        return;
      case 'f':
        text_ += '\f';
        return;
      case '\n':
        return;  // the line goes on
      case '\\':
      case '\'':
      case '"':
      case '$':
        text_ += c;
        return;
      case 'u':
        read_unicode(place);
        return;
      default:
        break;
    }
    if (c >= '0' && c <= '7') {
      read_octal(c, place);
      return;
    }
    faults_.add(place, "unknown escape '\\{}'; write '\\\\' for a backslash",
                c);
  }

  void read_octal(char first, const Place& place) {
    unsigned code = static_cast<unsigned>(first - '0');
    const int more = first <= '3' ? 2 : 1;
    for (int i = 0; i < more && cursor_.peek() >= '0' && cursor_.peek() <= '7';
         ++i) {
      code = code * 8 + static_cast<unsigned>(cursor_.next() - '0');
    }
    append(code, place);
  }

  void append(unsigned code, const Place& place) {
    if (code == 0) faults_.add(place, "a string cannot hold the character 0");
    append_utf8(text_, code);
  }

  // Four digits; a pair of surrogates is one character.
  void read_unicode(const Place& place) {
    const auto digits = [&]() -> unsigned {
      std::string hex;
      while (hex.size() < 4 &&
             std::isxdigit(static_cast<unsigned char>(cursor_.peek()))) {
        hex += cursor_.next();
      }
      if (hex.size() < 4) {
        faults_.add(place, "'\\u' needs four hexadecimal digits");
        return '?';
      }
      unsigned code = 0;
      std::from_chars(hex.data(), hex.data() + 4, code, 16);
      return code;
    };
    const unsigned code = digits();
    if (code < 0xD800 || code > 0xDFFF) {
      append(code, place);
      return;
    }
    unsigned low = 0;
    if (code < 0xDC00 && cursor_.at("\\u")) {
      cursor_.skip(2);
      low = digits();
    }
    if (low < 0xDC00 || low > 0xDFFF) {
      faults_.add(place, "'\\u' gives half of a character");
      return;
    }
    const unsigned whole = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    for (const unsigned byte :
         {0xF0 | (whole >> 18), 0x80 | ((whole >> 12) & 0x3F),
          0x80 | ((whole >> 6) & 0x3F), 0x80 | (whole & 0x3F)}) {
      text_ += static_cast<char>(byte);
    }
  }

  void read_interpolation() {
    const char after = cursor_.peek(1);
    if (after == '{') {
      read_braced();
    } else if (is_word_start(after) && after != '$') {
      read_path();
    } else if (quote_.slashy) {
      text_ += cursor_.next();
    } else {
      faults_.add(cursor_.place(),
                  "'$' must be followed by a name or '{{'; write '\\$' for a "
                  "dollar sign");
      text_ += cursor_.next();
    }
  }

  void read_braced() {
    const Place opened = cursor_.place();
    flush();
    cursor_.skip(2);
    TextPiece code{true, "", cursor_.place()};
    int depth = 0;
    char quote = '\0';
    while (true) {
      if (cursor_.at_end() || (cursor_.peek() == '\n' && !quote_.many_lines)) {
        faults_.add(opened, "'${{' is not closed");
        broken_ = true;
        return;
      }
      const char c = cursor_.peek();
      if (quote != '\0') {
        if (c == '\\') code.text += cursor_.next();
        if (c == quote) quote = '\0';
        if (cursor_.at_end()) continue;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && depth-- == 0) {
        break;
      }
      code.text += cursor_.next();
    }
    cursor_.next();
    pieces_.push_back(std::move(code));
  }

  // $name.name, without braces.
  void read_path() {
    flush();
    cursor_.next();
    TextPiece code{true, "", cursor_.place()};
    while (true) {
      while (is_word_part(cursor_.peek()) && cursor_.peek() != '$') {
        code.text += cursor_.next();
      }
      if (cursor_.peek() != '.' || !is_word_start(cursor_.peek(1))) break;
      code.text += cursor_.next();
    }
    pieces_.push_back(std::move(code));
  }

  void flush() {
    if (!text_.empty())
      pieces_.push_back({false, std::exchange(text_, {}), {}});
  }

  Cursor& cursor_;
  Faults& faults_;
  const Quote quote_;
  bool broken_ = false;  // the string's end cannot be known
  std::string text_;
  std::vector<TextPiece> pieces_;
};

}  // namespace

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '$';
}

bool is_word_part(char c) { return is_word_start(c) || (c >= '0' && c <= '9'); }

std::vector<TextPiece> lex_text(Cursor& cursor, Faults& faults) {
  return TextLexer(cursor, faults).run();
}

}  // namespace skerry::ci
