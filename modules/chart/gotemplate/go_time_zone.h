// Time zones from the files of the tz database: TZif (RFC 9636) with the rule
// for times behind its last transition. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart {

struct ZoneOffset {
  std::int32_t seconds = 0;  // east of UTC
  std::string name = "UTC";  // "CEST"
  bool is_summer = false;
};

class TimeZone {
 public:
  // Nothing for what is no TZif.
  static std::optional<TimeZone> parse(std::string_view bytes);
  ZoneOffset at(std::int64_t seconds) const;

 private:
  struct Transition {
    std::int64_t when;
    std::size_t offset;
  };
  const ZoneOffset& first() const;

  std::vector<ZoneOffset> offsets_;
  std::vector<Transition> transitions_;
  std::string rule_;
};

// What a rule such as "CET-1CEST,M3.5.0,M10.5.0/3" (POSIX's TZ) gives.
std::optional<ZoneOffset> zone_by_rule(std::string_view rule,
                                       std::int64_t seconds);

}  // namespace skerry::chart
