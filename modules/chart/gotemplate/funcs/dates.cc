// sprig: dates.
#include <algorithm>

#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"
#include "gotemplate/go_time.h"
#include "gotemplate/go_time_layout.h"
#include "gotemplate/go_time_zone.h"

namespace skerry::chart {

namespace {

using In = Invocation&;
constexpr Type S = Type::string, A = Type::any, T = Type::time;
constexpr std::int64_t kSecond = 1'000'000'000;

class TimeObject : public Object {
 public:
  explicit TimeObject(GoTime moment) : time(std::move(moment)) {}
  std::string type_name() const override { return "time.Time"; }
  Value to_plain() const override {
    return format_time(time, "2006-01-02T15:04:05.999999999Z07:00");
  }
  std::string to_text() const override {
    return format_time(time, "2006-01-02 15:04:05.999999999 -0700 MST");
  }
  bool has_method(std::string_view name) const override {
    return name == "Format" || name == "Unix" || name == "Year" ||
           name == "YearDay" || name == "Day" || name == "Hour" ||
           name == "Minute" || name == "Second" || name == "UTC" ||
           name == "String" || name == "UnixNano" || name == "Nanosecond";
  }
  std::size_t method_arguments(std::string_view name) const override {
    return name == "Format" ? 1 : 0;
  }
  Value call(std::string_view name, Invocation& in) const override {
    CivilTime civil = to_civil(time.seconds + time.offset);
    if (name == "Format") return format_time(time, in.string(0));
    if (name == "Unix") return Value::of_int64(time.seconds);
    if (name == "UnixNano") {
      return Value::of_int64(time.seconds * kSecond + time.nanoseconds);
    }
    if (name == "Nanosecond") return Value::of_int(time.nanoseconds);
    if (name == "Year") return Value::of_int(civil.year);
    if (name == "YearDay") return Value(civil.year_day);
    if (name == "Day") return Value(civil.day);
    if (name == "Hour") return Value(civil.hour);
    if (name == "Minute") return Value(civil.minute);
    if (name == "Second") return Value(civil.second);
    if (name == "String") return to_text();
    return make_time({time.seconds, time.nanoseconds, 0, "UTC"});
  }

  const GoTime time;
};

// time.LoadLocation(...).At; what cannot be loaded is UTC.
void move_to_zone(In in, const std::string& zone, GoTime& time) {
  time.offset = 0;
  time.zone = "UTC";
  if (zone.empty() || zone == "UTC") return;
  bool is_name = zone[0] != '/' && zone.find('\\') == zone.npos &&
                 zone.find("..") == zone.npos;
  if (!is_name) return;
  auto& load = in.execution().environment().time_zone;
  if (!load) {
    if (zone == "Local") return;
    fail_call("time zone {} cannot be loaded here", quote(zone));
  }
  auto bytes = load(zone);
  auto loaded = bytes ? TimeZone::parse(*bytes) : std::nullopt;
  if (!loaded) return;
  ZoneOffset offset = loaded->at(time.seconds);
  time.offset = offset.seconds;
  time.zone = offset.name;
}

GoTime now(In in) {
  std::int64_t millis = in.execution().environment().now_millis();
  GoTime time{millis / 1000,
              static_cast<std::int32_t>(millis % 1000 * 1'000'000)};
  move_to_zone(in, "Local", time);
  return time;
}

GoTime to_time(In in, const Value& value) {
  if (auto* time = as_time(value)) return *time;
  if (value.is_integral()) return {value.integer()};
  return now(in);
}

Value date_in_zone(In in, std::string_view layout, const Value& date,
                   const std::string& zone) {
  GoTime time = to_time(in, date);
  move_to_zone(in, zone, time);
  return format_time(time, layout);
}

Value modify(In in, bool must) {
  auto duration = parse_duration(in.string(0));
  if (!duration) {
    if (must) fail_call("time: invalid duration {}", quote(in.string(0)));
    return in[1];
  }
  GoTime time = *as_time(in[1]);
  std::int64_t nanos = time.nanoseconds + *duration % kSecond;
  time.seconds += *duration / kSecond;
  if (nanos < 0 || nanos >= kSecond) {
    time.seconds += nanos < 0 ? -1 : 1;
    nanos += nanos < 0 ? kSecond : -kSecond;
  }
  time.nanoseconds = static_cast<std::int32_t>(nanos);
  return make_time(time);
}

Value ago(In in) {
  std::int64_t since = now(in).seconds - to_time(in, in[0]).seconds;
  return format_duration(since * kSecond);
}

Value duration(In in) {
  std::int64_t seconds = 0;
  if (in[0].is_string()) {
    seconds = parse_go_int(in.string(0), 10).value_or(0);
  } else if (in[0].kind() == Kind::int64) {
    seconds = in[0].integer();
  }
  return format_duration(static_cast<std::int64_t>(
      static_cast<std::uint64_t>(seconds) * kSecond));
}

Value duration_round(In in) {
  std::int64_t nanos = 0;
  if (in[0].is_string()) {
    nanos = parse_duration(in.string(0)).value_or(0);
  } else if (in[0].kind() == Kind::int64) {
    nanos = in[0].integer();
  } else if (auto* time = as_time(in[0])) {
    nanos = (now(in).seconds - time->seconds) * kSecond;
  }
  auto seconds = static_cast<std::uint64_t>(nanos < 0 ? -nanos : nanos);
  constexpr std::uint64_t kHour = std::uint64_t{3600} * kSecond;
  struct Unit {
    std::uint64_t size;
    const char* name;
  };
  for (auto [size, name] : {Unit{kHour * 24 * 365, "y"},
                            Unit{kHour * 24 * 30, "mo"},
                            Unit{kHour * 24, "d"}, Unit{kHour, "h"},
                            Unit{std::uint64_t{60} * kSecond, "m"},
                            Unit{std::uint64_t{kSecond}, "s"}}) {
    if (seconds > size) return fmt::format("{}{}", seconds / size, name);
  }
  return "0s";
}

Value to_date(In in, bool must) {
  std::string problem;
  auto time = parse_time(in.string(0), in.string(1), &problem);
  if (time) {
    // Without a zone in the layout it is the local time.
    auto tokens = scan_layout(in.string(0));
    bool has_zone = std::any_of(tokens.begin(), tokens.end(), [](auto& token) {
      return token.piece >= LayoutPiece::zone_name &&
             token.piece <= LayoutPiece::zulu_colon_zone;
    });
    if (has_zone) return make_time(*time);
    GoTime local = *time;
    move_to_zone(in, "Local", local);
    local.seconds = time->seconds - local.offset;
    move_to_zone(in, "Local", local);
    local.seconds = time->seconds - local.offset;
    return make_time(local);
  }
  if (must) fail_call("{}", problem);
  return make_time({from_civil({1}), 0, 0, "UTC"});
}

}  // namespace

Value make_time(GoTime time) {
  return Value(ObjectPtr(std::make_shared<TimeObject>(std::move(time))));
}

const GoTime* as_time(const Value& value) {
  if (value.kind() != Kind::object) return nullptr;
  auto* object = dynamic_cast<const TimeObject*>(&value.object());
  return object ? &object->time : nullptr;
}

std::span<const Function> date_functions() {
  static constexpr auto kInZone = [](In in) {
    return date_in_zone(in, in.string(0), in[1], in.string(2));
  };
  static constexpr auto kModify = [](In in) { return modify(in, false); };
  static constexpr auto kMustModify = [](In in) { return modify(in, true); };
  static const Function kTable[] = {
      {"now", {}, false, [](In in) { return make_time(now(in)); }},
      {"date", {S, A}, false,
       [](In in) { return date_in_zone(in, in.string(0), in[1], "Local"); }},
      {"dateInZone", {S, A, S}, false, kInZone},
      {"date_in_zone", {S, A, S}, false, kInZone},
      {"htmlDate", {A}, false,
       [](In in) { return date_in_zone(in, "2006-01-02", in[0], "Local"); }},
      {"htmlDateInZone", {A, S}, false,
       [](In in) {
         return date_in_zone(in, "2006-01-02", in[0], in.string(1));
       }},
      {"dateModify", {S, T}, false, kModify},
      {"date_modify", {S, T}, false, kModify},
      {"mustDateModify", {S, T}, false, kMustModify},
      {"must_date_modify", {S, T}, false, kMustModify},
      {"ago", {A}, false, ago},
      {"duration", {A}, false, duration},
      {"durationRound", {A}, false, duration_round},
      {"toDate", {S, S}, false, [](In in) { return to_date(in, false); }},
      {"mustToDate", {S, S}, false, [](In in) { return to_date(in, true); }},
      {"unixEpoch", {T}, false,
       [](In in) { return Value(std::to_string(as_time(in[0])->seconds)); }},
  };
  return kTable;
}

}  // namespace skerry::chart
