#include <cmath>

#include "core/text/unicode.h"
#include "gotemplate/constant.h"
#include "gotemplate/error.h"
#include "gotemplate/go_json.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

constexpr int kMaxDepth = 1'000;

class Reader {
 public:
  Reader(std::string_view text, bool keeps_literals)
      : text_(text), keeps_literals_(keeps_literals) {}

  Value read_document(std::size_t* used) {
    Value value = read_value(0, "looking for beginning of value");
    if (used) {
      *used = i_;
      return value;
    }
    skip_space();
    if (i_ < text_.size()) fail_character("after top-level value");
    return value;
  }

 private:
  [[noreturn]] void fail_character(std::string_view context) {
    if (i_ >= text_.size()) fail_call("unexpected end of JSON input");
    char c = text_[i_];
    auto byte = static_cast<unsigned char>(c);
    // Go looks at bytes, as if they were Latin-1.
    std::string shown = c == '\'' ? "'\\''" : c == '"' ? "'\"'" : [&] {
      std::string character;
      unicode::append(character, byte);
      std::string quoted = quote(character);
      return "'" + quoted.substr(1, quoted.size() - 2) + "'";
    }();
    fail_call("invalid character {} {}", shown, context);
  }

  void skip_space() {
    while (i_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[i_]) !=
               std::string_view::npos) {
      ++i_;
    }
  }

  bool at(char c) const { return i_ < text_.size() && text_[i_] == c; }
  bool at_digit() const {
    return i_ < text_.size() && text_[i_] >= '0' && text_[i_] <= '9';
  }

  Value read_value(int depth, std::string_view context) {
    if (depth > kMaxDepth) fail_call("exceeded max depth");
    skip_space();
    if (i_ >= text_.size()) fail_character(context);
    switch (text_[i_]) {
      case '{': return read_object(depth);
      case '[': return read_array(depth);
      case '"': return Value(read_string());
      case 't': return read_literal("true", Value(true));
      case 'f': return read_literal("false", Value(false));
      case 'n': return read_literal("null", Value());
      default: break;
    }
    if (at('-') || at_digit()) return read_number();
    fail_character(context);
  }

  Value read_literal(std::string_view word, Value value) {
    for (std::size_t n = 0; n < word.size(); ++n, ++i_) {
      if (!at(word[n])) {
        fail_character(
            fmt::format("in literal {} (expecting '{}')", word, word[n]));
      }
    }
    return value;
  }

  void read_digits(std::string_view context) {
    if (!at_digit()) fail_character(context);
    while (at_digit()) ++i_;
  }

  Value read_number() {
    std::size_t start = i_;
    if (at('-')) ++i_;
    if (at('0')) {
      ++i_;
    } else {
      read_digits("in numeric literal");
    }
    if (at('.')) {
      ++i_;
      read_digits("after decimal point in numeric literal");
    }
    if (at('e') || at('E')) {
      ++i_;
      if (at('+') || at('-')) ++i_;
      read_digits("in exponent of numeric literal");
    }
    auto literal = text_.substr(start, i_ - start);
    if (keeps_literals_) {
      return Value(ObjectPtr(std::make_shared<JsonNumber>(literal)));
    }
    auto value = parse_go_float(literal);
    if (!value) {
      fail_call(
          "json: cannot unmarshal number {} into Go value of type float64",
          literal);
    }
    return Value(*value);
  }

  char32_t read_hex() {
    char32_t value = 0;
    for (int n = 0; n < 4; ++n, ++i_) {
      char c = i_ < text_.size() ? text_[i_] : '\0';
      char lower = static_cast<char>(c | 0x20);
      bool is_letter = lower >= 'a' && lower <= 'f';
      if (!at_digit() && !is_letter) {
        fail_character("in \\u hexadecimal character escape");
      }
      value = value * 16 +
              static_cast<char32_t>(is_letter ? lower - 'a' + 10 : c - '0');
    }
    return value;
  }

  void read_unicode_escape(std::string& out) {
    char32_t c = read_hex();
    if (c >= 0xD800 && c < 0xDC00 && at('\\') && i_ + 1 < text_.size() &&
        text_[i_ + 1] == 'u') {
      std::size_t before = i_;
      i_ += 2;
      char32_t low = read_hex();
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      } else {
        i_ = before;
      }
    }
    unicode::append(out, c);
  }

  std::string read_string() {
    std::string out;
    ++i_;
    for (;;) {
      if (i_ >= text_.size() || static_cast<unsigned char>(text_[i_]) < 0x20) {
        fail_character("in string literal");
      }
      char c = text_[i_];
      if (c == '"') {
        ++i_;
        return out;
      }
      if (c != '\\') {
        if (static_cast<unsigned char>(c) < 0x80) {
          out += c;
          ++i_;
        } else {
          unicode::append(out, unicode::next(text_, i_));
        }
        continue;
      }
      ++i_;
      if (i_ >= text_.size()) fail_character("");
      std::size_t known =
          std::string_view("\"\\/bfnrtu").find(text_[i_]);
      if (known == std::string_view::npos) {
        fail_character("in string escape code");
      }
      ++i_;
      if (known == 8) {
        read_unicode_escape(out);
      } else {
        out += std::string_view("\"\\/\b\f\n\r\t")[known];
      }
    }
  }

  Value read_array(int depth) {
    ++i_;
    std::vector<Value> items;
    skip_space();
    if (at(']')) {
      ++i_;
      return Value::new_list({});
    }
    for (;;) {
      items.push_back(read_value(depth + 1, "looking for beginning of value"));
      skip_space();
      if (at(']')) break;
      if (!at(',')) fail_character("after array element");
      ++i_;
    }
    ++i_;
    return Value::new_list(std::move(items));
  }

  Value read_object(int depth) {
    ++i_;
    Value map = Value::new_map();
    skip_space();
    if (at('}')) {
      ++i_;
      return map;
    }
    for (;;) {
      skip_space();
      if (!at('"')) {
        fail_character("looking for beginning of object key string");
      }
      std::string key = read_string();
      skip_space();
      if (!at(':')) fail_character("after object key");
      ++i_;
      map.set(std::move(key),
              read_value(depth + 1, "looking for beginning of value"));
      skip_space();
      if (at('}')) break;
      if (!at(',')) fail_character("after object key:value pair");
      ++i_;
    }
    ++i_;
    return map;
  }

  std::string_view text_;
  const bool keeps_literals_;
  std::size_t i_ = 0;
};

}  // namespace

Value read_go_json(std::string_view text, std::size_t* used) {
  return Reader(text, false).read_document(used);
}

Value read_go_json_literals(std::string_view text, std::size_t* used) {
  return Reader(text, true).read_document(used);
}

const JsonNumber* as_json_number(const Value& value) {
  if (value.kind() != Kind::object) return nullptr;
  return dynamic_cast<const JsonNumber*>(&value.object());
}

}  // namespace skerry::chart
