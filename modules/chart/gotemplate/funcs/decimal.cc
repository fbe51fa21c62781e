#include "gotemplate/funcs/decimal.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/text/float_text.h"
#include "gotemplate/error.h"

namespace skerry::chart {

namespace {

// Beyond these the result is no use to anybody and costs memory.
constexpr std::int64_t kMaxDigits = 5'000;
constexpr std::int64_t kDivisionPrecision = 16;

void strip_leading_zeros(std::string& digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

// -1, 0 or 1 for numbers without leading zeros.
int compare(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a < b ? -1 : a == b ? 0 : 1;
}

std::string add(const std::string& a, const std::string& b) {
  std::string sum;
  int carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry; ++i) {
    int digit = carry;
    if (i < a.size()) digit += a[a.size() - 1 - i] - '0';
    if (i < b.size()) digit += b[b.size() - 1 - i] - '0';
    sum += static_cast<char>('0' + digit % 10);
    carry = digit / 10;
  }
  std::reverse(sum.begin(), sum.end());
  return sum;
}

// a - b for a >= b
std::string subtract(const std::string& a, const std::string& b) {
  std::string difference;
  int borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    int digit = a[a.size() - 1 - i] - '0' - borrow;
    if (i < b.size()) digit -= b[b.size() - 1 - i] - '0';
    borrow = digit < 0;
    difference += static_cast<char>('0' + (digit + 10) % 10);
  }
  std::reverse(difference.begin(), difference.end());
  strip_leading_zeros(difference);
  return difference;
}

std::string multiply(const std::string& a, const std::string& b) {
  std::string product(a.size() + b.size(), 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    int carry = 0;
    for (std::size_t j = b.size(); j-- > 0;) {
      int value = product[i + j + 1] + (a[i] - '0') * (b[j] - '0') + carry;
      product[i + j + 1] = static_cast<char>(value % 10);
      carry = value / 10;
    }
    product[i] = static_cast<char>(product[i] + carry);
  }
  for (char& digit : product) digit = static_cast<char>(digit + '0');
  strip_leading_zeros(product);
  return product;
}

// The quotient; `rest` becomes the remainder.
std::string divide(const std::string& a, const std::string& b,
                   std::string& rest) {
  std::string quotient;
  rest.clear();
  for (char digit : a) {
    if (!rest.empty() || digit != '0') rest += digit;
    char count = '0';
    while (compare(rest, b) >= 0) {
      rest = subtract(rest, b);
      ++count;
    }
    quotient += count;
  }
  strip_leading_zeros(quotient);
  return quotient;
}

void check_size(std::int64_t digits) {
  if (digits > kMaxDigits) fail_call("a decimal number grows too long");
}

Decimal add(const Decimal& a, const Decimal& b) {
  Decimal result;
  result.exponent = std::min(a.exponent, b.exponent);
  auto scaled = [&](const Decimal& d) {
    std::int64_t zeros = d.exponent - result.exponent;
    check_size(zeros);
    if (d.digits.empty()) return std::string();
    return d.digits + std::string(static_cast<std::size_t>(zeros), '0');
  };
  std::string x = scaled(a), y = scaled(b);
  if (a.negative == b.negative) {
    result.digits = add(x, y);
    result.negative = a.negative;
  } else if (compare(x, y) >= 0) {
    result.digits = subtract(x, y);
    result.negative = a.negative;
  } else {
    result.digits = subtract(y, x);
    result.negative = b.negative;
  }
  return result;
}

Decimal divide(const Decimal& a, const Decimal& b) {
  if (b.digits.empty()) fail_call("decimal division by 0");
  Decimal result;
  result.exponent = -kDivisionPrecision;
  result.negative = a.negative != b.negative;
  if (a.digits.empty()) return result;
  std::int64_t shift = a.exponent - b.exponent + kDivisionPrecision;
  check_size(std::abs(shift));
  std::string x = a.digits, y = b.digits, rest;
  (shift >= 0 ? x : y) +=
      std::string(static_cast<std::size_t>(std::abs(shift)), '0');
  result.digits = divide(x, y, rest);
  // Half away from zero.
  if (compare(add(rest, rest), y) >= 0) {
    result.digits = add(result.digits, "1");
  }
  strip_leading_zeros(result.digits);
  return result;
}

}  // namespace

Decimal Decimal::from_double(double value) {
  if (!std::isfinite(value)) {
    fail_call("Cannot create a Decimal from {}", format_float_g(value));
  }
  FloatDigits shortest = shortest_digits(value);
  Decimal result;
  result.digits = shortest.digits;
  result.exponent =
      shortest.point - static_cast<std::int64_t>(shortest.digits.size());
  result.negative = shortest.negative && !shortest.digits.empty();
  if (result.digits.empty()) result.exponent = 0;
  return result;
}

double Decimal::to_double() const {
  if (digits.empty()) return 0;
  std::string text = (negative ? "-" : "") + digits + "e" +
                     std::to_string(exponent);
  return std::strtod(text.c_str(), nullptr);
}

Decimal apply(DecimalOperation operation, const Decimal& a, const Decimal& b) {
  check_size(static_cast<std::int64_t>(a.digits.size() + b.digits.size()));
  switch (operation) {
    case DecimalOperation::add:
      return add(a, b);
    case DecimalOperation::subtract: {
      Decimal negated = b;
      negated.negative = !b.negative;
      return add(a, negated);
    }
    case DecimalOperation::multiply: {
      Decimal result;
      result.digits = multiply(a.digits, b.digits);
      result.exponent = a.exponent + b.exponent;
      result.negative = a.negative != b.negative;
      return result;
    }
    case DecimalOperation::divide:
      return divide(a, b);
  }
  return {};
}

}  // namespace skerry::chart
