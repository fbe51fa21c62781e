#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "gotemplate/go_time.h"
#include "gotemplate/go_time_layout.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kDays = {
    "sunday",   "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday"};

class TimeParser {
 public:
  TimeParser(std::string_view text, std::string* problem)
      : text_(text), problem_(problem) {}

  std::optional<GoTime> parse(std::string_view layout) {
    const std::string_view whole = text_;
    auto fail_with = [&](std::string_view why) -> std::optional<GoTime> {
      if (problem_) {
        *problem_ = fmt::format("parsing time {}: {}", quote(whole), why);
      }
      return {};
    };
    auto tokens = scan_layout(layout);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      fraction_follows_ = is_fraction_next(tokens, i + 1);
      std::string_view held = text_;
      if (take(tokens[i])) continue;
      if (!out_of_range_.empty()) {
        return fail_with(std::string(out_of_range_) + " out of range");
      }
      if (!problem_) return {};
      if (tokens[i].piece == LayoutPiece::text) held = text_;
      *problem_ = fmt::format("parsing time {} as {}: cannot parse {} as {}",
                              quote(whole), quote(layout), quote(held),
                              quote(tokens[i].text));
      return {};
    }
    if (!text_.empty()) return fail_with("extra text: " + quote(text_));
    if (is_pm_ && civil_.hour < 12) civil_.hour += 12;
    if (is_am_ && civil_.hour == 12) civil_.hour = 0;
    GoTime time;
    time.seconds = from_civil(civil_) - offset_;
    CivilTime check = to_civil(time.seconds + offset_);
    if (check.day != civil_.day || check.month != civil_.month) {
      return fail_with("day out of range");
    }
    time.offset = offset_;
    time.nanoseconds = nanoseconds_;
    if (offset_ != 0) time.zone = "";
    return time;
  }

 private:
  // Whether the first piece from there on that is no text is a fraction.
  static bool is_fraction_next(const std::vector<LayoutToken>& tokens,
                               std::size_t i) {
    while (i < tokens.size() && tokens[i].piece == LayoutPiece::text) ++i;
    return i < tokens.size() &&
           (tokens[i].piece == LayoutPiece::fraction ||
            tokens[i].piece == LayoutPiece::trimmed_fraction);
  }

  // `what` is outside of its range rather than malformed.
  bool number(std::size_t least, std::size_t most, int low, int high, int& out,
              std::string_view what = {}) {
    std::size_t n = 0;
    int value = 0;
    while (n < most && n < text_.size() && is_digit(text_[n])) {
      value = value * 10 + (text_[n++] - '0');
    }
    if (n < least) return false;
    if (value < low || value > high) {
      out_of_range_ = what;
      return false;
    }
    text_.remove_prefix(n);
    out = value;
    return true;
  }

  template <std::size_t N>
  bool name(const std::array<std::string_view, N>& names, bool is_long,
            int& out) {
    for (std::size_t i = 0; i < N; ++i) {
      auto wanted = is_long ? names[i] : names[i].substr(0, 3);
      if (text_.size() < wanted.size()) continue;
      bool equal = std::equal(wanted.begin(), wanted.end(), text_.begin(),
                              [](char a, char b) { return a == (b | 0x20); });
      if (!equal) continue;
      text_.remove_prefix(wanted.size());
      out = static_cast<int>(i);
      return true;
    }
    return false;
  }

  bool zone(LayoutPiece piece) {
    bool zulu = piece == LayoutPiece::zulu_zone ||
                piece == LayoutPiece::zulu_colon_zone;
    if (zulu && text_.starts_with('Z')) {
      text_.remove_prefix(1);
      return true;
    }
    if (text_.empty() || (text_[0] != '+' && text_[0] != '-')) return false;
    int sign = text_[0] == '-' ? -1 : 1;
    text_.remove_prefix(1);
    int hours = 0, minutes = 0;
    if (!number(2, 2, 0, 24, hours)) return false;
    if (piece != LayoutPiece::hour_zone) {
      bool colon = piece == LayoutPiece::colon_zone ||
                   piece == LayoutPiece::zulu_colon_zone;
      if (colon) {
        if (!text_.starts_with(':')) return false;
        text_.remove_prefix(1);
      }
      if (!number(2, 2, 0, 59, minutes)) return false;
    }
    offset_ = sign * (hours * 3600 + minutes * 60);
    return true;
  }

  bool fraction(std::size_t least, std::size_t most) {
    if (text_.empty() || (text_[0] != '.' && text_[0] != ',')) {
      return least == 0;
    }
    std::size_t n = 1;
    std::string digits;
    while (n < text_.size() && is_digit(text_[n]) && digits.size() < most) {
      digits += text_[n++];
    }
    if (digits.size() < least || digits.empty()) return least == 0;
    text_.remove_prefix(n);
    digits.resize(9, '0');
    nanoseconds_ = std::atoi(digits.c_str());
    return true;
  }

  // Go takes a fraction behind the seconds even if the layout has none.
  bool seconds(std::size_t least) {
    if (!number(least, 2, 0, 59, civil_.second, "second")) return false;
    if (fraction_follows_) return true;
    if (text_.size() > 1 && text_[0] == '.' && is_digit(text_[1])) {
      return fraction(0, 9);
    }
    return true;
  }

  bool year(bool is_long) {
    int value = 0;
    if (!number(is_long ? 4 : 2, is_long ? 4 : 2, 0, 9999, value)) return false;
    civil_.year = is_long ? value : value >= 69 ? 1900 + value : 2000 + value;
    return true;
  }

  bool half_of_day(std::string_view pm, std::string_view am) {
    is_pm_ = text_.starts_with(pm);
    is_am_ = text_.starts_with(am);
    if (is_pm_ || is_am_) text_.remove_prefix(2);
    return is_pm_ || is_am_;
  }

  bool zone_name() {
    if (!text_.starts_with("UTC") && !text_.starts_with("GMT")) return false;
    text_.remove_prefix(3);
    return true;
  }

  bool month_name(bool is_long) {
    if (!name(kMonths, is_long, civil_.month)) return false;
    ++civil_.month;
    return true;
  }

  bool take(const LayoutToken& token) {
    int ignored = 0;
    switch (token.piece) {
      case LayoutPiece::text:
        for (char c : token.text) {
          if (text_.empty() || text_[0] != c) return false;
          text_.remove_prefix(1);
        }
        return true;
      case LayoutPiece::long_month: return month_name(true);
      case LayoutPiece::month: return month_name(false);
      case LayoutPiece::number_month: return number(1, 2, 1, 12, civil_.month,
                      "month");
      case LayoutPiece::zero_month: return number(2, 2, 1, 12, civil_.month,
                      "month");
      case LayoutPiece::long_weekday: return name(kDays, true, ignored);
      case LayoutPiece::weekday: return name(kDays, false, ignored);
      case LayoutPiece::under_day:
        if (text_.starts_with(' ')) text_.remove_prefix(1);
        return number(1, 2, 0, 99, civil_.day,
                      "day");
      case LayoutPiece::day: return number(1, 2, 0, 99, civil_.day,
                      "day");
      case LayoutPiece::zero_day: return number(2, 2, 0, 99, civil_.day,
                      "day");
      case LayoutPiece::hour: return number(1, 2, 0, 23, civil_.hour,
                      "hour");
      case LayoutPiece::hour12: return number(1, 2, 0, 12, civil_.hour,
                      "hour");
      case LayoutPiece::zero_hour12: return number(2, 2, 0, 12, civil_.hour,
                      "hour");
      case LayoutPiece::minute: return number(1, 2, 0, 59, civil_.minute,
                      "minute");
      case LayoutPiece::zero_minute:
        return number(2, 2, 0, 59, civil_.minute,
                      "minute");
      case LayoutPiece::second: return seconds(1);
      case LayoutPiece::zero_second: return seconds(2);
      case LayoutPiece::long_year: return year(true);
      case LayoutPiece::year: return year(false);
      case LayoutPiece::upper_pm: return half_of_day("PM", "AM");
      case LayoutPiece::lower_pm: return half_of_day("pm", "am");
      case LayoutPiece::zone_name: return zone_name();
      case LayoutPiece::fraction: return fraction(token.digits, token.digits);
      case LayoutPiece::trimmed_fraction: return fraction(0, 9);
      case LayoutPiece::under_year_day:
      case LayoutPiece::zero_year_day: return false;
      default: return zone(token.piece);
    }
  }

  std::string_view text_;
  std::string* const problem_;
  std::string_view out_of_range_;
  CivilTime civil_{0};
  std::int32_t nanoseconds_ = 0, offset_ = 0;
  bool is_pm_ = false, is_am_ = false, fraction_follows_ = false;
};

struct DurationUnit {
  std::string_view name;
  double nanoseconds;
};

constexpr DurationUnit kUnits[] = {
    {"ns", 1},       {"us", 1e3},     {"\xC2\xB5s", 1e3}, {"\xCE\xBCs", 1e3},
    {"ms", 1e6},     {"s", 1e9},      {"m", 60e9},        {"h", 3600e9},
};

}  // namespace

std::optional<GoTime> parse_time(std::string_view layout,
                                 std::string_view text,
                                 std::string* problem) {
  return TimeParser(text, problem).parse(layout);
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return {};
  double total = 0;
  while (!text.empty()) {
    std::size_t digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == text.npos) return {};
    auto literal = std::string(text.substr(0, digits));
    if (std::count(literal.begin(), literal.end(), '.') > 1 ||
        literal == ".") {
      return {};
    }
    text.remove_prefix(digits);
    std::size_t end = std::min(text.find_first_of("0123456789."), text.size());
    auto unit = text.substr(0, end);
    auto* found = std::find_if(
        std::begin(kUnits), std::end(kUnits),
        [&](const DurationUnit& known) { return known.name == unit; });
    if (found == std::end(kUnits)) return {};
    total += std::strtod(literal.c_str(), nullptr) * found->nanoseconds;
    text.remove_prefix(end);
  }
  if (total > 9.2e18) return {};
  auto nanoseconds = static_cast<std::int64_t>(total + 0.5);
  return negative ? -nanoseconds : nanoseconds;
}

}  // namespace skerry::chart
