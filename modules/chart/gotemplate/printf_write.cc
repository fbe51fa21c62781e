// Numbers and strings under the flags of a format.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/text/float_text.h"
#include "core/text/unicode.h"
#include "gotemplate/print.h"
#include "gotemplate/printer.h"

namespace skerry::chart {

namespace {

std::string with_digits(double value, char verb, int precision) {
  char conversion[8] = {'%', '.', '*', verb, 0};
  char small[512];
  int size = std::snprintf(small, sizeof small, conversion, precision, value);
  if (size < static_cast<int>(sizeof small)) return small;
  std::string large(static_cast<std::size_t>(size) + 1, '\0');
  std::snprintf(large.data(), large.size(), conversion, precision, value);
  large.pop_back();
  return large;
}

// C writes "0x1.8p+1", Go "0x1.8p+01".
std::string hexadecimal(double value, bool upper, int precision) {
  char buffer[64];
  if (precision < 0) {
    std::snprintf(buffer, sizeof buffer, upper ? "%A" : "%a", value);
  } else {
    std::snprintf(buffer, sizeof buffer, upper ? "%.*A" : "%.*a",
                  std::min(precision, 40), value);
  }
  std::string text = buffer;
  auto sign = text.find_first_of("+-", text.find_first_of("pP"));
  if (text.size() - sign == 2) text.insert(sign + 1, 1, '0');
  return text;
}

// "4503599627370496p-52"
std::string binary(double value) {
  int exponent = 0;
  double fraction = std::frexp(std::fabs(value), &exponent);
  auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  exponent -= 53;
  if (value == 0) exponent = -1074;
  return fmt::format("{}{}p{}{}", std::signbit(value) ? "-" : "", mantissa,
                     exponent < 0 ? "" : "+", exponent);
}

// strconv.FormatFloat
std::string format_float(double value, char verb, int precision) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  switch (verb) {
    case 'b':
      return binary(value);
    case 'x':
    case 'X':
      return hexadecimal(value, verb == 'X', precision);
    case 'g':
    case 'G': {
      std::string text = precision < 0
                             ? format_float_g(value)
                             : with_digits(value, 'g', precision);
      if (verb == 'G') std::replace(text.begin(), text.end(), 'e', 'E');
      return text;
    }
    default:
      return with_digits(value, verb, precision);
  }
}

// The '#' flag: always a decimal point, and %g keeps its zeros.
std::string with_point(std::string number, char verb, int precision) {
  int digits = 0;
  if (verb == 'g' || verb == 'G' || verb == 'x') {
    digits = precision < 0 ? 6 : precision;
  }
  std::string tail;
  bool has_point = false, saw_digit = false;
  for (std::size_t i = 1; i < number.size(); ++i) {
    char c = number[i];
    bool exponent = c == 'p' || c == 'P' ||
                    ((c == 'e' || c == 'E') && verb != 'x' && verb != 'X');
    if (c == '.') {
      has_point = true;
    } else if (exponent) {
      tail = number.substr(i);
      number.resize(i);
    } else {
      if (c != '0') saw_digit = true;
      if (saw_digit) --digits;
    }
  }
  if (!has_point) {
    if (number.size() == 2 && number[1] == '0') --digits;
    number += '.';
  }
  if (digits > 0) number.append(static_cast<std::size_t>(digits), '0');
  return number + tail;
}

}  // namespace

void Printer::pad_with(int count) {
  if (count <= 0) return;
  check_value_text(out.size());
  out.append(static_cast<std::size_t>(count),
             flags_.zero && !flags_.minus ? '0' : ' ');
}

void Printer::pad(std::string_view text) {
  if (!flags_.has_width || flags_.width == 0) {
    out += text;
    return;
  }
  int fill = flags_.width - static_cast<int>(unicode::count(text));
  if (!flags_.minus) pad_with(fill);
  out += text;
  if (flags_.minus) pad_with(fill);
}

std::string_view Printer::truncated(std::string_view text) const {
  if (!flags_.has_precision) return text;
  std::size_t i = 0;
  for (int n = 0; n < flags_.precision && i < text.size(); ++n) {
    unicode::next(text, i);
  }
  return text.substr(0, i);
}

void Printer::write_string(std::string_view text) { pad(truncated(text)); }

void Printer::write_quoted(std::string_view text) {
  text = truncated(text);
  bool raw = flags_.sharp && unicode::is_valid(text) &&
             std::none_of(text.begin(), text.end(), [](char c) {
               auto b = static_cast<unsigned char>(c);
               return (b < ' ' && c != '\t') || c == '`' || b == 0x7F;
             }) &&
             text.find("\xEF\xBB\xBF") == text.npos;
  if (raw) return pad(fmt::format("`{}`", text));
  pad(flags_.plus ? quote_ascii(text) : quote(text));
}

void Printer::write_hex(std::string_view text, bool upper) {
  std::size_t length = text.size();
  if (flags_.has_precision) {
    length = std::min(length, static_cast<std::size_t>(flags_.precision));
  }
  std::string_view prefix = upper ? "0X" : "0x";
  std::string hex;
  for (std::size_t i = 0; i < length; ++i) {
    if (flags_.space && i > 0) hex += ' ';
    if (flags_.sharp && (i == 0 || flags_.space)) hex += prefix;
    auto byte = static_cast<unsigned char>(text[i]);
    hex += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  if (length == 0) {
    if (flags_.has_width) pad_with(flags_.width);
    return;
  }
  pad(hex);
}

void Printer::write_unicode(std::uint64_t value) {
  int digits = flags_.has_precision ? std::max(flags_.precision, 4) : 4;
  std::string text = fmt::format("U+{:0{}X}", value, digits);
  if (flags_.sharp && value <= 0x10FFFF &&
      unicode::is_printable(static_cast<char32_t>(value))) {
    text += " '";
    unicode::append(text, static_cast<char32_t>(value));
    text += '\'';
  }
  bool zero = std::exchange(flags_.zero, false);
  pad(text);
  flags_.zero = zero;
}

void Printer::write_integer(std::uint64_t value, unsigned base, bool is_signed,
                            char32_t verb, bool upper) {
  bool negative = is_signed && static_cast<std::int64_t>(value) < 0;
  if (negative) value = 0 - value;
  int precision = 0;
  bool zero = flags_.zero;
  if (flags_.has_precision) {
    precision = flags_.precision;
    if (precision == 0 && value == 0) {
      flags_.zero = false;
      pad_with(flags_.width);
      flags_.zero = zero;
      return;
    }
  } else if (flags_.zero && !flags_.minus && flags_.has_width) {
    precision = flags_.width;
    if (negative || flags_.plus || flags_.space) --precision;
  }
  const char* digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;  // backwards
  do {
    text += digits[value % base];
    value /= base;
  } while (value > 0);
  while (static_cast<int>(text.size()) < precision) text += '0';
  if (flags_.sharp) {
    if (base == 2) text += "b0";
    if (base == 8 && text.back() != '0') text += '0';
    if (base == 16) text += upper ? "X0" : "x0";
  }
  if (verb == 'O') text += "o0";
  if (negative) {
    text += '-';
  } else if (flags_.plus) {
    text += '+';
  } else if (flags_.space) {
    text += ' ';
  }
  std::reverse(text.begin(), text.end());
  flags_.zero = false;
  pad(text);
  flags_.zero = zero;
}

void Printer::write_float(double value, char verb, int precision) {
  if (flags_.has_precision) precision = flags_.precision;
  std::string number = format_float(value, verb, precision);
  if (number[0] != '-' && number[0] != '+') number.insert(0, 1, '+');
  if (flags_.space && number[0] == '+' && !flags_.plus) number[0] = ' ';
  if (number[1] == 'I' || number[1] == 'N') {
    bool zero = std::exchange(flags_.zero, false);
    if (number[1] == 'N' && !flags_.space && !flags_.plus) number.erase(0, 1);
    pad(number);
    flags_.zero = zero;
    return;
  }
  if (flags_.sharp && verb != 'b') {
    number = with_point(std::move(number), verb, precision);
  }
  if (!flags_.plus && number[0] == '+') {
    return pad(std::string_view(number).substr(1));
  }
  int fill = flags_.width - static_cast<int>(number.size());
  if (flags_.zero && !flags_.minus && flags_.has_width && fill > 0) {
    out += number[0];
    pad_with(fill);
    out.append(number, 1);
    return;
  }
  pad(number);
}

}  // namespace skerry::chart
