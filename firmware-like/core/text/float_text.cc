#include "core/text/float_text.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace skerry {

namespace {

void append_exponent_form(std::string& out, const FloatDigits& d) {
  int exponent = d.digits.empty() ? 0 : d.point - 1;
  out += d.digits.empty() ? '0' : d.digits[0];
  if (d.digits.size() > 1) {
    out += '.';
    out.append(d.digits, 1);
  }
  out += 'e';
  out += exponent < 0 ? '-' : '+';
  exponent = std::abs(exponent);
  if (exponent < 10) out += '0';
  out += std::to_string(exponent);
}

void append_fixed_form(std::string& out, const FloatDigits& d) {
  int count = static_cast<int>(d.digits.size());
  if (d.point <= 0) {
    out += '0';
    if (count == 0) return;
    out += '.';
    out.append(static_cast<std::size_t>(-d.point), '0');
    out += d.digits;
    return;
  }
  if (d.point >= count) {
    out += d.digits;
    out.append(static_cast<std::size_t>(d.point - count), '0');
    return;
  }
  auto whole = static_cast<std::size_t>(d.point);
  out.append(d.digits, 0, whole);
  out += '.';
  out.append(d.digits, whole);
}

}  // namespace

namespace {

template <typename Float>
FloatDigits digits_of(Float value) {
  FloatDigits result;
  result.negative = std::signbit(value);
  if (value == 0) return result;
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value),
                           std::chars_format::scientific)
                 .ptr;
  const char* p = buffer;
  for (; p != end && *p != 'e'; ++p) {
    if (*p != '.') result.digits += *p;
  }
  int exponent = 0;
  if (p != end) {
    ++p;
    if (*p == '+') ++p;
    std::from_chars(p, end, exponent);
  }
  result.point = exponent + 1;
  while (!result.digits.empty() && result.digits.back() == '0') {
    result.digits.pop_back();
  }
  return result;
}

template <typename Float>
std::string format_number(Float value, int low, int high) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  FloatDigits d = digits_of(value);
  std::string out;
  if (d.negative) out += '-';
  int exponent = d.digits.empty() ? 0 : d.point - 1;
  if (exponent < low || exponent >= high) {
    append_exponent_form(out, d);
  } else {
    append_fixed_form(out, d);
  }
  return out;
}

}  // namespace

FloatDigits shortest_digits(double value) { return digits_of(value); }
FloatDigits shortest_digits(float value) { return digits_of(value); }

std::string format_shortest(double value, int low, int high) {
  return format_number(value, low, high);
}

std::string format_float32_g(double value) {
  return format_number(static_cast<float>(value), -4, 6);
}

std::string format_float_json(double value) {
  std::string text = format_shortest(value, -6, 21);
  // encoding/json writes e-09 as e-9.
  auto size = text.size();
  if (size >= 4 && text[size - 4] == 'e' && text[size - 3] == '-' &&
      text[size - 2] == '0') {
    text.erase(size - 2, 1);
  }
  return text;
}

}  // namespace skerry
