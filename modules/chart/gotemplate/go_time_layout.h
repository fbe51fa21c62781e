// The pieces of a Go time layout, and the calendar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart {

enum class LayoutPiece {
  text,
  long_month, month, number_month, zero_month,
  long_weekday, weekday,
  day, under_day, zero_day, under_year_day, zero_year_day,
  hour, hour12, zero_hour12,
  minute, zero_minute, second, zero_second,
  long_year, year, upper_pm, lower_pm,
  zone_name,
  zone, colon_zone, hour_zone, zulu_zone, zulu_colon_zone,
  fraction, trimmed_fraction,
};

struct LayoutToken {
  LayoutPiece piece;
  std::string_view text;  // of the layout
  std::size_t digits = 0;  // of a fraction
  char separator = '.';
};

std::vector<LayoutToken> scan_layout(std::string_view layout);

struct CivilTime {
  std::int64_t year = 1970;
  int month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int weekday = 0;   // 0 is Sunday
  int year_day = 1;  // from 1
};
CivilTime to_civil(std::int64_t seconds);
std::int64_t from_civil(const CivilTime& civil);

}  // namespace skerry::chart
