// The time, behind an interface so that tests can move it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace skerry {

// Wall-clock time, UTC, in milliseconds since 1970: the unit in which every
// time is stored in the database and given by the API.
using UnixMillis = std::int64_t;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis now() const = 0;
};

class SystemClock : public Clock {
 public:
  UnixMillis now() const override;
};


// "2026-11-22T19:50:00Z", or with milliseconds "2026-11-22T19:50:00.123Z".
std::string to_rfc3339(UnixMillis time, bool with_millis = false);

}  // namespace skerry
