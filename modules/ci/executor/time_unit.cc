#include "executor/time_unit.h"

#include <string_view>
#include <utility>

#include "core/error.h"

namespace skerry::ci {

std::chrono::milliseconds duration_of(const ArgumentValues& arguments) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"NANOSECONDS", 1e-6},  {"MICROSECONDS", 1e-3},
      {"MILLISECONDS", 1},    {"SECONDS", 1'000},
      {"MINUTES", 60'000},    {"HOURS", 3'600'000},
      {"DAYS", 24 * 3'600'000}};
  constexpr double kYear = 365.0 * 24 * 3'600'000;
  const std::string unit = arguments.text("unit");
  const std::int64_t time = arguments.integer("time");
  for (const auto& [name, millis] : kUnits) {
    if (unit != name) continue;
    const double all = static_cast<double>(time) * millis;
    if (time < 0 || all > kYear) {
      fail(ErrorCode::invalid, "time: {} {} is not between 0 and a year", time,
           unit);
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(all));
  }
  fail(ErrorCode::invalid, "unit: '{}' is no unit of time", unit);
}

}  // namespace skerry::ci
