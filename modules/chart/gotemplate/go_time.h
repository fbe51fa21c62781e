// time.Time and time.Duration: reading, printing. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart {

struct GoTime {
  std::int64_t seconds = 0;  // since 1970, UTC
  std::int32_t nanoseconds = 0;
  std::int32_t offset = 0;  // seconds east of UTC
  std::string zone = "UTC";
};

// Time.Format: layouts in terms of "Mon Jan 2 15:04:05 MST 2006".
std::string format_time(const GoTime& time, std::string_view layout);
// time.Parse; nothing when the text does not fit the layout, and why in
// `problem`.
std::optional<GoTime> parse_time(std::string_view layout,
                                 std::string_view text,
                                 std::string* problem = nullptr);

// "1h2m3.5s", in nanoseconds.
std::optional<std::int64_t> parse_duration(std::string_view text);
std::string format_duration(std::int64_t nanoseconds);

Value make_time(GoTime time);
const GoTime* as_time(const Value& value);  // nullptr for anything else

}  // namespace skerry::chart
