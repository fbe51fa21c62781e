// Floating-point numbers as text, with the digits and the forms that Go's
// strconv and encoding/json choose: the shortest digits that read back as the
// same number. Thread-safe.
#pragma once

#include <string>

namespace skerry {

// The decimal digits of |value| and where the point stands: 0.<digits>e<point>.
struct FloatDigits {
  bool negative = false;
  std::string digits;  // without trailing zeros; "" for zero
  int point = 0;
};
FloatDigits shortest_digits(double value);
FloatDigits shortest_digits(float value);

// "%e" for exponents below `low` or from `high` on, "%f" otherwise; infinities
// are "+Inf" and "-Inf", not-a-number is "NaN".
std::string format_shortest(double value, int low, int high);

// strconv.FormatFloat(value, 'g', -1, 64): 1e+06, 100000, 1e-05.
inline std::string format_float_g(double value) {
  return format_shortest(value, -4, 6);
}
// strconv.FormatFloat(value, 'g', -1, 32)
std::string format_float32_g(double value);
// encoding/json: 1e-7, 0.000001, 100000000000000000000, 1e+21.
std::string format_float_json(double value);

}  // namespace skerry
