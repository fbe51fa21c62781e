#include "gotemplate/funcs/words.h"

#include "core/text/unicode.h"

namespace skerry::chart {

namespace {

enum class Word { none, number, upper, alphabet, connector, punctuation, other };

bool is_connector(char32_t c) {
  return c == '-' || c == '_' || unicode::is_space(c);
}

bool is_punctuation(char32_t c) {
  if (c < 0x80) {
    return unicode::is_printable(c) && c != ' ' && !unicode::is_letter(c) &&
           !unicode::is_digit(c) &&
           std::u32string_view(U"$+<=>^`|~").find(c) ==
               std::u32string_view::npos;
  }
  return (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x3003);
}

struct Piece {
  Word type = Word::none;
  std::u32string text;
};

class Words {
 public:
  explicit Words(std::string_view text) : rest_(unicode::decode(text)) {}
  bool at_end() const { return position_ >= rest_.size(); }

  Piece next() {
    if (at_end()) return {};
    std::size_t start = position_;
    Word type = scan(rest_[position_++]);
    return {type, rest_.substr(start, position_ - start)};
  }

 private:
  template <typename Test>
  void skip(Test test) {
    while (!at_end() && test(rest_[position_])) ++position_;
  }

  static bool is_small_letter(char32_t c) {
    return unicode::is_letter(c) && !unicode::is_upper(c);
  }

  Word scan(char32_t c) {
    if (is_connector(c)) {
      skip(is_connector);
      return Word::connector;
    }
    if (is_punctuation(c)) {
      skip(is_punctuation);
      return Word::punctuation;
    }
    if (unicode::is_upper(c)) {
      scan_upper();
      return Word::upper;
    }
    if (unicode::is_letter(c)) {
      skip(is_small_letter);
      return Word::alphabet;
    }
    if (unicode::is_digit(c)) {
      skip(unicode::is_digit);
      return Word::number;
    }
    skip([](char32_t x) {
      return !is_connector(x) && !unicode::is_letter(x) &&
             !unicode::is_digit(x) && !is_punctuation(x);
    });
    return Word::other;
  }

  // "HTTPStatus" is "HTTP" and "Status".
  void scan_upper() {
    if (at_end()) return;
    if (!unicode::is_upper(rest_[position_])) return skip(is_small_letter);
    skip(unicode::is_upper);
    if (!at_end() && unicode::is_letter(rest_[position_])) --position_;
  }

  std::u32string rest_;
  std::size_t position_ = 0;
};

class Joiner {
 public:
  Joiner(std::string_view text, char32_t connector)
      : words_(text), connector_(connector) {}

  std::string join() {
    current_ = words_.next();
    while (!words_.at_end()) {
      if (current_.type != Word::connector) write(current_);
      Piece last = current_;
      current_ = words_.next();
      switch (last.type) {
        case Word::number:
          after_number();
          break;
        case Word::connector:
          write(last);
          break;
        case Word::punctuation:
          break;
        default:
          after_letters();
      }
    }
    write(current_);
    return unicode::encode(out_);
  }

 private:
  void write(const Piece& piece) {
    bool lowers =
        piece.type == Word::upper || piece.type == Word::connector;
    for (char32_t c : piece.text) {
      if (lowers && is_connector(c)) {
        out_ += connector_;
      } else {
        out_ += lowers ? unicode::to_lower(c) : c;
      }
    }
  }

  void write_letters_and_digits() {
    while (current_.type == Word::alphabet || current_.type == Word::number) {
      write(current_);
      current_ = words_.next();
    }
  }

  void connect(bool unless_none) {
    bool joins = current_.type != Word::connector &&
                 current_.type != Word::punctuation &&
                 !(unless_none && current_.type == Word::none);
    if (joins) out_ += connector_;
  }

  void after_number() {
    write_letters_and_digits();
    connect(true);
  }

  // A number belongs to the word before it ("Bld4Floor" -> "bld4_floor"),
  // unless small letters follow it ("HTTP2xx" -> "http_2xx").
  void after_letters() {
    if (current_.type != Word::number) return connect(false);
    if (words_.at_end()) return;
    Piece number = current_;
    current_ = words_.next();
    if (current_.type != Word::alphabet) {
      write({Word::number, number.text});
      return connect(false);
    }
    out_ += connector_;
    write({Word::number, number.text});
    write_letters_and_digits();
    connect(true);
  }

  Words words_;
  char32_t connector_;
  Piece current_;
  std::u32string out_;
};

}  // namespace

std::string joined_words(std::string_view text, char32_t connector) {
  if (text.empty()) return "";
  return Joiner(text, connector).join();
}

std::string pascal_case(std::string_view source) {
  std::u32string text = unicode::decode(source), out;
  std::size_t i = 0;
  while (i < text.size() && is_connector(text[i])) out += text[i++];
  if (i == text.size()) return unicode::encode(out);
  bool first_upper = unicode::is_upper(text[i]);
  char32_t previous = 0, current = unicode::to_upper(text[i++]);
  for (; i < text.size(); ++i) {
    previous = current;
    current = text[i];
    if (is_connector(current) && is_connector(previous)) {
      out += previous;
      continue;
    }
    if (is_connector(previous)) {
      first_upper = unicode::is_upper(current);
      current = unicode::to_upper(current);
      continue;
    }
    if (first_upper) {
      if (unicode::is_upper(current)) {
        current = unicode::to_lower(current);
      } else {
        first_upper = false;
      }
    }
    out += previous;
  }
  out += current;
  return unicode::encode(out);
}

}  // namespace skerry::chart
