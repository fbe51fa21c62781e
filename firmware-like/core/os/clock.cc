#include "core/os/clock.h"

#include <fmt/format.h>

#include <ctime>

namespace skerry {

UnixMillis SystemClock::now() const {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
      .count();
}

std::string to_rfc3339(UnixMillis time, bool with_millis) {
  UnixMillis seconds = time / 1000;
  UnixMillis millis = time % 1000;
  if (millis < 0) {
    millis += 1000;
    --seconds;
  }
  const std::time_t t = seconds;
  std::tm utc{};
  gmtime_r(&t, &utc);
  std::string text = fmt::format(
      "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1,
      utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
  if (with_millis) text += fmt::format(".{:03}", millis);
  return text + "Z";
}

}  // namespace skerry
