// Decimal fractions of any length, as shopspring/decimal computes with them:
// 0.1 + 0.2 is 0.3. Quotients are rounded to 16 digits after the point.
#pragma once

#include <cstdint>
#include <string>

namespace skerry::chart {

enum class DecimalOperation { add, subtract, multiply, divide };

struct Decimal {
  // digits * 10^exponent; without leading zeros, "" is zero.
  std::string digits;
  std::int64_t exponent = 0;
  bool negative = false;

  // The shortest decimal that reads back as `value`. Not-a-number and infinity
  // fail as the library panics.
  static Decimal from_double(double value);
  double to_double() const;
};

// Dividing by zero fails as the library panics.
Decimal apply(DecimalOperation operation, const Decimal& a, const Decimal& b);

}  // namespace skerry::chart
