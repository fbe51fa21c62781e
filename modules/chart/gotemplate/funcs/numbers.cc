// sprig: arithmetic. Integers wrap, as Go's do.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/decimal.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type I = Type::integer, A = Type::any, F = Type::number;

std::uint64_t bits(const Value& value) {
  return static_cast<std::uint64_t>(to_int64(value));
}

Value wrapped(std::uint64_t value) {
  return Value::of_int64(static_cast<std::int64_t>(value));
}

Value add(In in) {
  std::uint64_t sum = 0;
  for (auto& value : in.all()) sum += bits(value);
  return wrapped(sum);
}

Value mul(In in) {
  std::uint64_t product = 1;
  for (auto& value : in.all()) product *= bits(value);
  return wrapped(product);
}

Value div(In in) {
  std::int64_t a = to_int64(in[0]), b = to_int64(in[1]);
  if (b == 0) fail_call("runtime error: integer divide by zero");
  if (b == -1) return wrapped(0 - bits(in[0]));
  return Value::of_int64(a / b);
}

Value mod(In in) {
  std::int64_t a = to_int64(in[0]), b = to_int64(in[1]);
  if (b == 0) fail_call("runtime error: integer divide by zero");
  return Value::of_int64(b == -1 ? 0 : a % b);
}

Value greatest(In in) {
  std::int64_t best = to_int64(in[0]);
  for (auto& value : in.from(1)) best = std::max(best, to_int64(value));
  return Value::of_int64(best);
}

Value least(In in) {
  std::int64_t best = to_int64(in[0]);
  for (auto& value : in.from(1)) best = std::min(best, to_int64(value));
  return Value::of_int64(best);
}

Value greatest_float(In in) {
  double best = to_double(in[0]);
  for (auto& value : in.from(1)) {
    double other = to_double(value);
    best = std::isnan(best) || std::isnan(other)
               ? std::nan("")
               : std::max(best, other);
  }
  return best;
}

Value least_float(In in) {
  double best = to_double(in[0]);
  for (auto& value : in.from(1)) {
    double other = to_double(value);
    best = std::isnan(best) || std::isnan(other)
               ? std::nan("")
               : std::min(best, other);
  }
  return best;
}

Value round(In in) {
  double limit = in.size() > 2 ? in[2].number() : 0.5;
  double power = std::pow(10, static_cast<double>(in.integer(1)));
  double digit = power * to_double(in[0]);
  double whole = 0;
  double fraction = std::modf(digit, &whole);
  double rounded = fraction >= limit ? std::ceil(digit) : std::floor(digit);
  return rounded / power;
}

Value decimal_fold(In in, double start, std::size_t first, DecimalOperation op) {
  Decimal result = Decimal::from_double(start);
  for (std::size_t i = first; i < in.size(); ++i) {
    result = apply(op, result, Decimal::from_double(to_double(in[i])));
  }
  return result.to_double();
}

Value to_decimal(In in) {
  return Value::of_int64(parse_go_int(format_value(in[0]), 8).value_or(0));
}

}  // namespace

std::span<const Function> number_functions() {
  static const Function kTable[] = {
      {"int64", {A}, false,
       [](In in) { return Value::of_int64(to_int64(in[0])); }},
      {"int", {A}, false,
       [](In in) { return Value::of_int(to_int64(in[0])); }},
      {"float64", {A}, false, [](In in) { return Value(to_double(in[0])); }},
      {"toDecimal", {A}, false, to_decimal},
      {"add1", {A}, false, [](In in) { return wrapped(bits(in[0]) + 1); }},
      {"add", {A}, true, add},
      {"sub", {A, A}, false,
       [](In in) { return wrapped(bits(in[0]) - bits(in[1])); }},
      {"div", {A, A}, false, div},
      {"mod", {A, A}, false, mod},
      {"mul", {A, A}, true, mul},
      {"max", {A, A}, true, greatest},
      {"biggest", {A, A}, true, greatest},
      {"min", {A, A}, true, least},
      {"maxf", {A, A}, true, greatest_float},
      {"minf", {A, A}, true, least_float},
      {"ceil", {A}, false,
       [](In in) { return Value(std::ceil(to_double(in[0]))); }},
      {"floor", {A}, false,
       [](In in) { return Value(std::floor(to_double(in[0]))); }},
      {"round", {A, I, F}, true, round},
      {"add1f", {A}, false,
       [](In in) {
         Decimal one = Decimal::from_double(1);
         return Value(apply(DecimalOperation::add,
                            Decimal::from_double(to_double(in[0])), one)
                          .to_double());
       }},
      {"addf", {A}, true,
       [](In in) { return decimal_fold(in, 0, 0, DecimalOperation::add); }},
      {"subf", {A, A}, true,
       [](In in) {
         return decimal_fold(in, to_double(in[0]), 1,
                             DecimalOperation::subtract);
       }},
      {"mulf", {A, A}, true,
       [](In in) {
         return decimal_fold(in, to_double(in[0]), 1,
                             DecimalOperation::multiply);
       }},
      {"divf", {A, A}, true,
       [](In in) {
         return decimal_fold(in, to_double(in[0]), 1,
                             DecimalOperation::divide);
       }},
  };
  return kTable;
}

}  // namespace skerry::chart
