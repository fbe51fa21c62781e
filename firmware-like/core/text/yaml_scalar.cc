#include "core/text/yaml_scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace skerry {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes between 1 and `most` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t most) {
  std::size_t n = 0;
  int value = 0;
  while (n < text.size() && n < most && is_digit(text[n])) {
    value = value * 10 + (text[n++] - '0');
  }
  if (n == 0) return {};
  text.remove_prefix(n);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

int days_in_month(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30,
                                                31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month == 2 && leap) return 29;
  return kDays[static_cast<std::size_t>(month - 1)];
}

bool take_time_of_day(std::string_view& text) {
  auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return false;
  auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return false;
  auto second = take_number(text, 2);
  if (!second || *second > 59) return false;
  if (text.size() > 1 && (text[0] == '.' || text[0] == ',') &&
      is_digit(text[1])) {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
  }
  return true;
}

// "Z", "+09:00"
bool is_zone(std::string_view text) {
  if (text == "Z") return true;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return false;
  return is_digit(text[1]) && is_digit(text[2]) && text[3] == ':' &&
         is_digit(text[4]) && is_digit(text[5]) &&
         (text[1] - '0') * 10 + (text[2] - '0') <= 24 &&
         (text[4] - '0') * 10 + (text[5] - '0') < 60;
}

// The forms of http://yaml.org/type/timestamp.html that go-yaml knows.
bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || text[4] != '-') return false;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!is_digit(text[i])) return false;
  }
  int year = *take_number(text, 4);
  text.remove_prefix(1);
  auto month = take_number(text, 2);
  if (!month || *month < 1 || *month > 12 || !take(text, '-')) return false;
  auto day = take_number(text, 2);
  if (!day || *day < 1 || *day > days_in_month(year, *month)) return false;
  if (text.empty()) return true;
  char separator = text[0];
  text.remove_prefix(1);
  if (separator == ' ') return take_time_of_day(text) && text.empty();
  if (separator != 'T' && separator != 't') return false;
  return take_time_of_day(text) && is_zone(text);
}

// strconv.ParseInt(text, 0, 64) and ParseUint: 0x, 0o, 0b and 0 prefixes.
std::optional<YamlScalar> parse_integer(std::string_view text) {
  bool negative = false;
  bool has_sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  if (has_sign) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    char mark = static_cast<char>(text[1] | 0x20);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  std::uint64_t magnitude = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (text.empty() || error != std::errc() ||
      end != text.data() + text.size()) {
    return {};
  }
  constexpr auto kMax =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  YamlScalar result;
  if (magnitude > (negative ? kMax + 1 : kMax)) {
    if (has_sign) return {};
    result.kind = YamlKind::unsigned_integer;
    result.unsigned_integer = magnitude;
    return result;
  }
  result.kind = YamlKind::integer;
  result.integer = static_cast<std::int64_t>(negative ? 0 - magnitude
                                                      : magnitude);
  return result;
}

// ^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$
bool is_decimal(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    text.remove_prefix(1);
  }
  std::size_t i = 0, whole = 0, fraction = 0;
  while (i < text.size() && is_digit(text[i])) ++i, ++whole;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i, ++fraction;
  }
  if (whole == 0 && fraction == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    std::size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == start) return false;
  }
  return i == text.size();
}

bool is_one_of(std::string_view text,
               std::initializer_list<std::string_view> words) {
  for (auto word : words) {
    if (text == word) return true;
  }
  return false;
}

std::optional<YamlScalar> resolve_word(std::string_view text) {
  YamlScalar result;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    result.kind = YamlKind::null;
  } else if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "true", "True",
                              "TRUE", "on", "On", "ON"})) {
    result.kind = YamlKind::boolean;
    result.boolean = true;
  } else if (is_one_of(text, {"n", "N", "no", "No", "NO", "false", "False",
                              "FALSE", "off", "Off", "OFF"})) {
    result.kind = YamlKind::boolean;
  } else {
    return {};
  }
  return result;
}

std::optional<YamlScalar> resolve_special_float(std::string_view text) {
  std::string_view body = text;
  bool negative = !body.empty() && body[0] == '-';
  if (negative || (!body.empty() && body[0] == '+')) body.remove_prefix(1);
  YamlScalar result;
  result.kind = YamlKind::number;
  if (is_one_of(body, {".inf", ".Inf", ".INF"})) {
    result.number = negative ? -HUGE_VAL : HUGE_VAL;
    return result;
  }
  if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    result.number = std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  return {};
}

std::optional<YamlScalar> resolve_number(std::string_view text) {
  if (auto special = resolve_special_float(text)) return special;
  YamlScalar result;
  if (text[0] == '.') {
    auto value = is_decimal(text) ? parse_decimal(text) : std::nullopt;
    if (!value) return {};
    result.kind = YamlKind::number;
    result.number = *value;
    return result;
  }
  if (is_timestamp(text)) {
    result.kind = YamlKind::timestamp;
    return result;
  }
  std::string plain;
  plain.reserve(text.size());
  for (char c : text) {
    if (c != '_') plain += c;
  }
  if (auto integer = parse_integer(plain)) return integer;
  if (!is_decimal(plain)) return {};
  auto value = parse_decimal(plain);
  if (!value) return {};
  result.kind = YamlKind::number;
  result.number = *value;
  return result;
}

// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
bool is_base_60(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    text.remove_prefix(1);
  }
  std::size_t i = 0;
  if (text.empty() || !is_digit(text[0])) return false;
  while (i < text.size() && (is_digit(text[i]) || text[i] == '_')) ++i;
  bool colon = false;
  while (i + 1 < text.size() && text[i] == ':' && is_digit(text[i + 1])) {
    colon = true;
    bool two = i + 2 < text.size() && is_digit(text[i + 2]);
    if (two && text[i + 1] > '5') return false;
    i += two ? 3 : 2;
  }
  if (!colon) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && (is_digit(text[i]) || text[i] == '_')) ++i;
  }
  return i == text.size();
}

}  // namespace

std::optional<double> parse_decimal(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  double value = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return {};
  if (error == std::errc::result_out_of_range) {
    // Too small is zero; too large is no number.
    value = std::strtod(std::string(text).c_str(), nullptr);
    if (std::isinf(value)) return {};
    return value;
  }
  if (error != std::errc()) return {};
  return value;
}

YamlScalar resolve_yaml_scalar(std::string_view text) {
  if (text.empty()) return *resolve_word(text);
  switch (text[0]) {
    case 'y': case 'Y': case 'n': case 'N': case 't': case 'T':
    case 'f': case 'F': case 'o': case 'O': case '~':
      if (text.size() <= 5) {
        if (auto word = resolve_word(text)) return *word;
      }
      break;
    case '+': case '-': case '.':
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      if (auto number = resolve_number(text)) return *number;
      break;
    default:
      break;
  }
  return {};
}

bool yaml_needs_quotes(std::string_view text) {
  if (resolve_yaml_scalar(text).kind != YamlKind::text) return true;
  return is_base_60(text);
}

}  // namespace skerry
