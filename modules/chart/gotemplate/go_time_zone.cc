#include "gotemplate/go_time_zone.h"

#include <algorithm>

#include "gotemplate/go_time_layout.h"

namespace skerry::chart {

namespace {

constexpr std::int64_t kDay = 86400, kHour = 3600;

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) {
      failed = true;
      size = bytes_.size();
    }
    auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::int64_t number(std::size_t size) {
    auto taken = take(size);
    std::uint64_t value =
        !taken.empty() && (taken[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (char c : taken) value = (value << 8) | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }
  std::string_view rest() const { return bytes_; }

  bool failed = false;

 private:
  std::string_view bytes_;
};

struct Counts {
  std::size_t utc = 0, standard = 0, leap = 0, times = 0, types = 0, names = 0;
  std::size_t size(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + names +
           leap * (time_size + 4) + standard + utc;
  }
};

bool read_head(ByteReader& in, char& version, Counts& counts) {
  constexpr std::size_t kReserved = 15;
  if (in.take(4) != "TZif") return false;
  auto byte = in.take(1);
  version = byte.empty() ? '\0' : byte[0];
  in.take(kReserved);
  for (auto* count : {&counts.utc, &counts.standard, &counts.leap,
                      &counts.times, &counts.types, &counts.names}) {
    *count = static_cast<std::size_t>(in.number(4) & 0xFFFFFF);
  }
  return !in.failed;
}

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  std::optional<std::string> name() {
    std::size_t size = 0;
    if (text_.starts_with('<')) {
      size = text_.find('>');
      if (size == text_.npos) return {};
      std::string inner(text_.substr(1, size - 1));
      text_.remove_prefix(size + 1);
      return inner;
    }
    while (size < text_.size() && (text_[size] | 0x20) >= 'a' &&
           (text_[size] | 0x20) <= 'z') {
      ++size;
    }
    if (size < 3) return {};
    std::string taken(text_.substr(0, size));
    text_.remove_prefix(size);
    return taken;
  }

  // [+-]hh[:mm[:ss]]
  std::int64_t time() {
    std::int64_t sign = text_.starts_with('-') ? -1 : 1;
    if (text_.starts_with('-') || text_.starts_with('+')) {
      text_.remove_prefix(1);
    }
    std::int64_t total = number() * kHour;
    for (std::int64_t unit : {std::int64_t{60}, std::int64_t{1}}) {
      if (!take(':')) break;
      total += number() * unit;
    }
    return sign * total;
  }

  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::int64_t number() {
    std::int64_t value = 0;
    while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9' &&
           value < 100'000) {
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value;
  }

  bool at_end() const { return text_.empty(); }
  bool at(char c) const { return text_.starts_with(c); }

  // The second of the year, without offset, at which a change takes place.
  std::int64_t change(std::int64_t year) {
    std::int64_t day = 0;
    std::int64_t start = from_civil({year});
    if (take('M')) {
      int month = static_cast<int>(number());
      take('.');
      std::int64_t week = number();
      take('.');
      std::int64_t weekday = number();
      month = std::clamp(month, 1, 12);
      std::int64_t first = from_civil({year, month});
      std::int64_t days = first / kDay;
      // 1970 began on a Thursday.
      std::int64_t first_weekday = ((days + 4) % 7 + 7) % 7;
      day = days + (weekday - first_weekday + 7) % 7 + (week - 1) * 7;
      std::int64_t next = month == 12 ? from_civil({year + 1})
                                      : from_civil({year, month + 1});
      if (day >= next / kDay) day -= 7;
      day -= start / kDay;
    } else if (take('J')) {
      day = number() - 1;
      bool is_leap = from_civil({year, 3}) - start == 60 * kDay;
      if (is_leap && day >= 59) ++day;
    } else {
      day = number();
    }
    std::int64_t clock = 2 * kHour;
    if (take('/')) clock = time();
    return day * kDay + clock;
  }

 private:
  std::string_view text_;
};

}  // namespace

std::optional<ZoneOffset> zone_by_rule(std::string_view rule,
                                       std::int64_t seconds) {
  RuleReader in(rule);
  auto name = in.name();
  if (!name) return {};
  ZoneOffset standard{static_cast<std::int32_t>(-in.time()), *name, false};
  if (in.at_end() || in.at(',')) return standard;
  auto summer_name = in.name();
  if (!summer_name) return {};
  ZoneOffset summer{standard.seconds + 3600, *summer_name, true};
  if (!in.at_end() && !in.at(',')) {
    summer.seconds = static_cast<std::int32_t>(-in.time());
  }
  std::int64_t year = to_civil(seconds + standard.seconds).year;
  std::int64_t start = 0, end = 0, base = from_civil({year});
  if (in.at_end()) in = RuleReader(",M3.2.0,M11.1.0");
  in.take(',');
  start = base + in.change(year) - standard.seconds;
  in.take(',');
  end = base + in.change(year) - summer.seconds;
  bool is_summer = start < end ? seconds >= start && seconds < end
                               : seconds >= start || seconds < end;
  return is_summer ? summer : standard;
}

std::optional<TimeZone> TimeZone::parse(std::string_view bytes) {
  constexpr std::size_t kMaxTransitions = 100'000;
  ByteReader in(bytes);
  Counts counts;
  char version = 0;
  if (!read_head(in, version, counts)) return {};
  std::size_t time_size = 4;
  if (version >= '2') {
    in.take(counts.size(time_size));
    if (!read_head(in, version, counts)) return {};
    time_size = 8;
  }
  if (counts.times > kMaxTransitions || counts.types == 0) return {};
  TimeZone zone;
  for (std::size_t i = 0; i < counts.times; ++i) {
    zone.transitions_.push_back({in.number(time_size), 0});
  }
  for (auto& transition : zone.transitions_) {
    transition.offset = static_cast<std::size_t>(in.number(1) & 0xFF);
    if (transition.offset >= counts.types) return {};
  }
  std::vector<std::size_t> names;
  for (std::size_t i = 0; i < counts.types; ++i) {
    ZoneOffset offset;
    offset.seconds = static_cast<std::int32_t>(in.number(4));
    offset.is_summer = in.number(1) != 0;
    names.push_back(static_cast<std::size_t>(in.number(1) & 0xFF));
    zone.offsets_.push_back(std::move(offset));
  }
  auto all_names = in.take(counts.names);
  for (std::size_t i = 0; i < counts.types; ++i) {
    if (names[i] >= all_names.size()) return {};
    auto name = all_names.substr(names[i]);
    zone.offsets_[i].name = name.substr(0, name.find('\0'));
  }
  in.take(counts.leap * (time_size + 4) + counts.standard + counts.utc);
  if (in.failed) return {};
  auto footer = in.rest();
  if (time_size == 8 && footer.starts_with('\n')) {
    footer.remove_prefix(1);
    zone.rule_ = footer.substr(0, footer.find('\n'));
  }
  return zone;
}

// What holds before the first transition.
const ZoneOffset& TimeZone::first() const {
  bool is_used = std::any_of(transitions_.begin(), transitions_.end(),
                             [](auto& each) { return each.offset == 0; });
  if (!is_used) return offsets_[0];
  auto standard = std::find_if(offsets_.begin(), offsets_.end(),
                               [](auto& each) { return !each.is_summer; });
  return standard != offsets_.end() ? *standard : offsets_[0];
}

ZoneOffset TimeZone::at(std::int64_t seconds) const {
  auto after = std::upper_bound(
      transitions_.begin(), transitions_.end(), seconds,
      [](std::int64_t time, auto& each) { return time < each.when; });
  if (after == transitions_.end() && !rule_.empty()) {
    if (auto found = zone_by_rule(rule_, seconds)) return *found;
  }
  if (after == transitions_.begin()) return first();
  return offsets_[std::prev(after)->offset];
}

}  // namespace skerry::chart
