#include "gotemplate/constant.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/text/unicode.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// One character of a literal, escapes resolved. `is_byte`: \x41 and \101 stand
// for a byte, not a code point.
std::optional<char32_t> unquote_character(std::string_view text,
                                          std::size_t& i, char quote,
                                          bool& is_byte) {
  is_byte = false;
  if (text[i] == quote) return {};
  if (text[i] != '\\') return unicode::next(text, i);
  if (i + 1 >= text.size()) return {};
  char c = text[i + 1];
  i += 2;
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\': return '\\';
    case '\'':
    case '"':
      if (c != quote) return {};
      return static_cast<char32_t>(c);
    default:
      break;
  }
  if (c == 'x' || c == 'u' || c == 'U') {
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
    char32_t value = 0;
    for (; digits > 0; --digits, ++i) {
      int digit = i < text.size() ? hex_digit(text[i]) : -1;
      if (digit < 0) return {};
      value = (value << 4) | static_cast<char32_t>(digit);
    }
    is_byte = c == 'x';
    if (!is_byte &&
        (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))) {
      return {};
    }
    return value;
  }
  if (c < '0' || c > '7' || i + 1 >= text.size()) return {};
  char32_t value = static_cast<char32_t>(c - '0');
  for (int n = 0; n < 2; ++n, ++i) {
    if (text[i] < '0' || text[i] > '7') return {};
    value = value * 8 + static_cast<char32_t>(text[i] - '0');
  }
  if (value > 255) return {};
  is_byte = true;
  return value;
}

// Whether underscores stand only between digits (or after the base prefix).
bool underscores_ok(std::string_view text) {
  char before = '^';
  std::size_t i = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) i = 1;
  bool hexadecimal = false;
  if (text.size() >= i + 2 && text[i] == '0') {
    char mark = static_cast<char>(text[i + 1] | 0x20);
    if (mark == 'b' || mark == 'o' || mark == 'x') {
      hexadecimal = mark == 'x';
      before = '0';
      i += 2;
    }
  }
  for (; i < text.size(); ++i) {
    char c = text[i];
    if ((c >= '0' && c <= '9') || (hexadecimal && hex_digit(c) >= 0)) {
      before = '0';
    } else if (c == '_') {
      if (before != '0') return false;
      before = '_';
    } else {
      if (before == '_') return false;
      before = '!';
    }
  }
  return before != '_';
}

std::optional<std::uint64_t> parse_magnitude(std::string_view text, int base) {
  std::string plain;
  if (base == 0) {
    base = 10;
    if (text.size() >= 2 && text[0] == '0') {
      char mark = static_cast<char>(text[1] | 0x20);
      base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
      text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
    }
    for (char c : text) {
      if (c != '_') plain += c;
    }
    text = plain;
  }
  std::uint64_t value = 0;
  auto* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (text.empty() || error != std::errc() || stop != end) return {};
  return value;
}

bool has_any(std::string_view text, std::string_view characters) {
  return text.find_first_of(characters) != text.npos;
}

bool is_hexadecimal_integer(std::string_view text) {
  return text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' &&
         !has_any(text, "pP");
}

void set_from_float(NumberConstant& number, double value) {
  number.is_float = true;
  number.number = value;
  if (std::fabs(value) < 9.2e18 && std::trunc(value) == value) {
    number.is_integer = true;
    number.integer = static_cast<std::int64_t>(value);
  }
  if (value >= 0 && value < 1.8e19 && std::trunc(value) == value) {
    number.is_unsigned = true;
    number.unsigned_integer = static_cast<std::uint64_t>(value);
  }
}

std::string parse_character(const Token& token, NumberConstant& number) {
  std::size_t i = 1;
  bool is_byte = false;
  auto c = unquote_character(token.text, i, '\'', is_byte);
  if (!c) return "invalid syntax";
  if (token.text.substr(i) != "'") {
    return "malformed character constant: " + token.text;
  }
  set_from_float(number, static_cast<double>(*c));
  return "";
}

}  // namespace

std::optional<std::string> unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back()) return {};
  char quote = literal.front();
  literal = literal.substr(1, literal.size() - 2);
  std::string out;
  if (quote == '`') {
    for (char c : literal) {
      if (c != '\r') out += c;
    }
    return out;
  }
  if (literal.find('\\') == literal.npos && unicode::is_valid(literal)) {
    return std::string(literal);
  }
  for (std::size_t i = 0; i < literal.size();) {
    bool is_byte = false;
    auto c = unquote_character(literal, i, quote, is_byte);
    if (!c) return {};
    if (is_byte) {
      out += static_cast<char>(*c);
    } else {
      unicode::append(out, *c);
    }
  }
  return out;
}

std::optional<std::uint64_t> parse_go_uint(std::string_view text, int base) {
  if (base == 0 && !underscores_ok(text)) return {};
  return parse_magnitude(text, base);
}

std::optional<std::int64_t> parse_go_int(std::string_view text, int base) {
  if (base == 0 && !underscores_ok(text)) return {};
  bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  auto magnitude = parse_magnitude(text, base);
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63;
  if (!magnitude || *magnitude > (negative ? kLimit : kLimit - 1)) return {};
  return static_cast<std::int64_t>(negative ? 0 - *magnitude : *magnitude);
}

std::optional<double> parse_go_float(std::string_view text) {
  if (!underscores_ok(text)) return {};
  std::string_view body = text;
  bool negative = !body.empty() && body[0] == '-';
  if (negative || (!body.empty() && body[0] == '+')) body.remove_prefix(1);
  bool hexadecimal =
      body.size() > 2 && body[0] == '0' && (body[1] | 0x20) == 'x';
  if (body.empty() || body[0] == '+' || body[0] == '-') return {};
  if (hexadecimal && !has_any(body, "pP")) return {};
  std::string plain;
  for (char c : body) {
    if (c != '_') plain += c;
  }
  std::string_view digits = plain;
  if (hexadecimal) digits.remove_prefix(2);
  // from_chars takes "nan(...)", Go does not.
  if (digits.find('(') != digits.npos) return {};
  double value = 0;
  auto* last = digits.data() + digits.size();
  auto [stop, error] =
      std::from_chars(digits.data(), last, value,
                      hexadecimal ? std::chars_format::hex
                                  : std::chars_format::general);
  if (stop != last) return {};
  if (error == std::errc::result_out_of_range) {
    value = std::strtod(plain.c_str(), nullptr);
    if (std::isinf(value)) return {};
  } else if (error != std::errc()) {
    return {};
  }
  return negative ? -value : value;
}

std::string parse_number(const Token& token, NumberConstant& number,
                         Value& ideal) {
  const std::string& text = token.text;
  if (token.type == TokenType::character_constant) {
    std::string problem = parse_character(token, number);
    ideal = Value::of_int(number.integer);
    return problem;
  }
  if (token.type == TokenType::complex || text.back() == 'i') {
    return "complex number " + text + " is not supported by Skerry yet";
  }
  if (auto value = parse_go_uint(text, 0)) {
    number.is_unsigned = true;
    number.unsigned_integer = *value;
  }
  if (auto value = parse_go_int(text, 0)) {
    number.is_integer = true;
    number.integer = *value;
    if (*value == 0) number.is_unsigned = true;
  }
  if (number.is_integer || number.is_unsigned) {
    number.is_float = true;
    number.number = number.is_integer
                        ? static_cast<double>(number.integer)
                        : static_cast<double>(number.unsigned_integer);
  } else if (auto value = parse_go_float(text)) {
    if (!has_any(text, ".eEpP")) return "integer overflow: " + quote(text);
    set_from_float(number, *value);
  } else {
    return "illegal number syntax: " + quote(text);
  }
  if (!is_hexadecimal_integer(text) && has_any(text, ".eEpP")) {
    ideal = Value(number.number);
  } else if (number.is_integer) {
    ideal = Value::of_int(number.integer);
  }
  return "";
}

}  // namespace skerry::chart
