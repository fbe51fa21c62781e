// The format string of Sprintf: flags, width, precision, argument indexes.
#include "core/text/unicode.h"
#include "gotemplate/printer.h"

namespace skerry::chart {

namespace {

// Go's limit on widths and precisions.
constexpr int kTooLarge = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits at `i`; false when there are none or too many.
bool parse_digits(std::string_view text, std::size_t& i, int& number) {
  number = 0;
  std::size_t start = i;
  while (i < text.size() && is_digit(text[i])) {
    if (number > kTooLarge) {
      number = 0;
      i = text.size();
      return false;
    }
    number = number * 10 + (text[i++] - '0');
  }
  return i > start;
}

// A width or precision given as '*': an integer argument.
bool integer_argument(std::span<const Value> values, std::size_t& index,
                      int& number) {
  number = 0;
  if (index >= values.size()) return false;
  const Value& value = values[index++];
  if (!value.is_integral() && value.kind() != Kind::uint64) return false;
  if (value.integer() > kTooLarge || value.integer() < -kTooLarge) {
    return false;
  }
  number = static_cast<int>(value.integer());
  return true;
}

}  // namespace

struct Printer::Cursor {
  std::string_view format;
  std::span<const Value> values;
  std::size_t i = 0;
  std::size_t argument = 0;
  bool after_index = false, good_index = true, reordered = false;
  char32_t verb = 0;
};

// Flags, and a plain lower-case verb right behind them, which is printed.
bool Printer::parse_simple(Cursor& at) {
  flags_ = {};
  for (; at.i < at.format.size(); ++at.i) {
    char c = at.format[at.i];
    switch (c) {
      case '#': flags_.sharp = true; continue;
      case '0': flags_.zero = true; continue;
      case '+': flags_.plus = true; continue;
      case '-': flags_.minus = true; continue;
      case ' ': flags_.space = true; continue;
      default: break;
    }
    if (c < 'a' || c > 'z' || at.argument >= at.values.size()) return false;
    ++at.i;
    at.verb = static_cast<char32_t>(c);
    print_verb(at);
    return true;
  }
  return false;
}

// "[3]"
void Printer::parse_index(Cursor& at) {
  at.after_index = false;
  if (at.i >= at.format.size() || at.format[at.i] != '[') return;
  at.reordered = true;
  std::size_t close = at.format.find(']', at.i);
  if (close == at.format.npos) {
    at.good_index = false;
    ++at.i;
    return;
  }
  std::size_t digits = at.i + 1;
  int number = 0;
  bool is_number = parse_digits(at.format, digits, number);
  at.i = close + 1;
  at.after_index = is_number && digits == close;
  if (at.after_index && number >= 1 &&
      static_cast<std::size_t>(number) <= at.values.size()) {
    at.argument = static_cast<std::size_t>(number - 1);
  } else {
    at.good_index = false;
  }
}

void Printer::parse_width(Cursor& at) {
  if (at.i < at.format.size() && at.format[at.i] == '*') {
    ++at.i;
    flags_.has_width = integer_argument(at.values, at.argument, flags_.width);
    if (!flags_.has_width) out += "%!(BADWIDTH)";
    if (flags_.width < 0) {
      flags_.width = -flags_.width;
      flags_.minus = true;
      flags_.zero = false;
    }
    at.after_index = false;
    return;
  }
  flags_.has_width = parse_digits(at.format, at.i, flags_.width);
  if (at.after_index && flags_.has_width) at.good_index = false;
}

void Printer::parse_precision(Cursor& at) {
  if (at.i + 1 >= at.format.size() || at.format[at.i] != '.') return;
  ++at.i;
  if (at.after_index) at.good_index = false;
  parse_index(at);
  if (at.i < at.format.size() && at.format[at.i] == '*') {
    ++at.i;
    flags_.has_precision =
        integer_argument(at.values, at.argument, flags_.precision);
    if (flags_.precision < 0) {
      flags_.precision = 0;
      flags_.has_precision = false;
    }
    if (!flags_.has_precision) out += "%!(BADPREC)";
    at.after_index = false;
    return;
  }
  if (!parse_digits(at.format, at.i, flags_.precision)) flags_.precision = 0;
  flags_.has_precision = true;
}

void Printer::print_verb(Cursor& at) {
  if (at.verb == 'v') {
    flags_.sharp_v = std::exchange(flags_.sharp, false);
    flags_.plus_v = std::exchange(flags_.plus, false);
  }
  print_argument(at.values[at.argument++], at.verb);
}

void Printer::print_extra(std::span<const Value> values) {
  flags_ = {};
  out += "%!(EXTRA ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ", ";
    if (values[i].is_nil()) {
      out += "<nil>";
      continue;
    }
    out += type_name(values[i]) + "=";
    print_argument(values[i], 'v');
  }
  out += ')';
}

void Printer::format(std::string_view format, std::span<const Value> values) {
  Cursor at{format, values};
  while (at.i < format.size()) {
    at.good_index = true;
    std::size_t percent = format.find('%', at.i);
    out.append(format, at.i, percent - at.i);
    if (percent == format.npos) break;
    at.i = percent + 1;
    if (parse_simple(at)) continue;
    parse_index(at);
    parse_width(at);
    parse_precision(at);
    if (!at.after_index) parse_index(at);
    if (at.i >= format.size()) {
      out += "%!(NOVERB)";
      break;
    }
    at.verb = unicode::next(format, at.i);
    if (at.verb == '%') {
      out += '%';
      continue;
    }
    if (at.good_index && at.argument < values.size()) {
      print_verb(at);
      continue;
    }
    out += "%!";
    unicode::append(out, at.verb);
    out += at.good_index ? "(MISSING)" : "(BADINDEX)";
  }
  if (!at.reordered && at.argument < values.size()) {
    print_extra(values.subspan(at.argument));
  }
}

}  // namespace skerry::chart
