#include "helm/schema/exact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "core/text/float_text.h"
#include "gotemplate/go_json.h"
#include "gotemplate/print.h"

namespace skerry::chart::schema {

namespace {

constexpr std::int64_t kMaxExponent = 1'000'000;

// [-]digits[.digits][e[+-]digits]
std::optional<Decimal> parse(std::string_view text) {
  Decimal number;
  if (text.starts_with('-') || text.starts_with('+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  if (mark < text.size()) {
    std::string exponent(text.substr(mark + 1));
    if (exponent.empty()) return {};
    number.exponent = std::clamp<std::int64_t>(
        std::strtoll(exponent.c_str(), nullptr, 10), -kMaxExponent,
        kMaxExponent);
  }
  bool behind_point = false;
  for (char c : text.substr(0, mark)) {
    if (c == '.') {
      behind_point = true;
      continue;
    }
    if (c < '0' || c > '9') return {};
    number.digits += c;
    if (behind_point) --number.exponent;
  }
  number.digits.erase(
      0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  while (!number.digits.empty() && number.digits.back() == '0') {
    number.digits.pop_back();
    ++number.exponent;
  }
  if (number.digits.empty()) number.exponent = 0;
  return number;
}

int sign(const Decimal& number) {
  if (number.digits.empty()) return 0;
  return number.negative ? -1 : 1;
}

int compare_sizes(const Decimal& a, const Decimal& b) {
  auto magnitude = [](const Decimal& number) {
    return static_cast<std::int64_t>(number.digits.size()) + number.exponent;
  };
  if (magnitude(a) != magnitude(b)) return magnitude(a) < magnitude(b) ? -1 : 1;
  return a.digits < b.digits ? -1 : a.digits == b.digits ? 0 : 1;
}

std::string grouped(const std::string& digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string raised(std::string_view exponent) {
  static constexpr const char* kDigits[] = {"⁰", "¹", "²", "³", "⁴",
                                            "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out;
  for (char c : exponent) {
    if (c == '-') out += "⁻";
    if (c >= '0' && c <= '9') out += kDigits[c - '0'];
  }
  return out;
}

}  // namespace

std::optional<Decimal> exact_number(const Value& value) {
  switch (value.kind()) {
    case Kind::integer:
    case Kind::int64:
    case Kind::uint64:
    case Kind::number:
      return parse(format_value(value));
    case Kind::object:
      if (auto* number = as_json_number(value)) return parse(number->text);
      return {};
    default:
      return {};
  }
}

int compare(const Decimal& a, const Decimal& b) {
  if (sign(a) != sign(b)) return sign(a) < sign(b) ? -1 : 1;
  int sizes = compare_sizes(a, b);
  return a.negative ? -sizes : sizes;
}

bool is_whole(const Decimal& number) { return number.exponent >= 0; }

bool is_multiple(const Decimal& number, const Decimal& of) {
  if (number.digits.empty()) return true;
  constexpr std::size_t kMostDigits = 36;
  std::string dividend = number.digits, divisor = of.digits;
  std::int64_t shift = number.exponent - of.exponent;
  if (shift < 0) {
    if (static_cast<std::size_t>(-shift) > dividend.size()) return false;
    divisor.append(static_cast<std::size_t>(-shift), '0');
  } else {
    dividend.append(static_cast<std::size_t>(shift), '0');
  }
  if (divisor.size() > dividend.size() || divisor.empty()) return false;
  if (divisor.size() > kMostDigits) return divisor == dividend;
  __extension__ using Wide = unsigned __int128;
  Wide modulus = 0, rest = 0;
  for (char c : divisor) modulus = modulus * 10 + static_cast<unsigned>(c - '0');
  for (char c : dividend) {
    rest = (rest * 10 + static_cast<unsigned>(c - '0')) % modulus;
  }
  return rest == 0;
}

bool json_equal(const Value& a, const Value& b) {
  if (a.is_map()) {
    if (!b.is_map() || a.entries().size() != b.entries().size()) return false;
    return std::all_of(
        a.entries().begin(), a.entries().end(), [&](auto& member) {
          const Value* other = b.find(member.first);
          return other && json_equal(member.second, *other);
        });
  }
  if (a.is_list()) {
    return b.is_list() && std::equal(a.items().begin(), a.items().end(),
                                     b.items().begin(), b.items().end(),
                                     json_equal);
  }
  if (a.is_nil()) return b.is_nil();
  if (a.is_string()) return b.is_string() && a.string() == b.string();
  if (a.kind() == Kind::boolean) {
    return b.kind() == Kind::boolean && a.boolean() == b.boolean();
  }
  auto first = exact_number(a), second = exact_number(b);
  return first && second && compare(*first, *second) == 0;
}

std::string localized(std::int64_t number) {
  std::string digits = std::to_string(number);
  bool negative = number < 0;
  return (negative ? "-" : "") + grouped(digits.substr(negative ? 1 : 0));
}

std::string localized(const Decimal& number) {
  std::string literal = fmt::format("{}{}e{}", number.negative ? "-" : "",
                                    number.digits.empty() ? "0" : number.digits,
                                    number.exponent);
  std::string text =
      format_float_g(std::strtod(literal.c_str(), nullptr));
  std::string out = text.starts_with('-') ? "-" : "";
  text.erase(0, out.size());
  std::size_t mark = text.find('e');
  if (mark != text.npos) {
    return out + text.substr(0, mark) + "×10" + raised(text.substr(mark + 1));
  }
  std::size_t point = std::min(text.find('.'), text.size());
  return out + grouped(text.substr(0, point)) + text.substr(point);
}

std::string single_quoted(std::string_view text) {
  std::string inner = quote(text), out = "'";
  for (std::size_t i = 1; i + 1 < inner.size(); ++i) {
    if (inner[i] == '\\' && inner[i + 1] == '"') continue;
    if (inner[i] == '\'') out += '\\';
    out += inner[i];
  }
  return out + "'";
}

std::string shown(const Value& value) {
  if (value.is_string()) return single_quoted(value.string());
  if (value.is_map() || value.is_list()) return "value";
  if (auto* number = as_json_number(value)) return number->text;
  return value.is_nil() ? "<nil>" : format_value(value);
}

}  // namespace skerry::chart::schema
