#include <fmt/format.h>

#include <array>

#include "gotemplate/go_time.h"
#include "gotemplate/go_time_layout.h"

namespace skerry::chart {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {
    "Sunday",   "Monday", "Tuesday", "Wednesday",
    "Thursday", "Friday", "Saturday"};

std::string zone_offset(std::int32_t offset, LayoutPiece piece) {
  bool zulu = piece == LayoutPiece::zulu_zone ||
              piece == LayoutPiece::zulu_colon_zone;
  if (zulu && offset == 0) return "Z";
  char sign = offset < 0 ? '-' : '+';
  std::int32_t minutes = std::abs(offset) / 60;
  if (piece == LayoutPiece::hour_zone) {
    return fmt::format("{}{:02}", sign, minutes / 60);
  }
  bool colon = piece == LayoutPiece::colon_zone ||
               piece == LayoutPiece::zulu_colon_zone;
  return fmt::format("{}{:02}{}{:02}", sign, minutes / 60, colon ? ":" : "",
                     minutes % 60);
}

std::string fraction(std::int32_t nanoseconds, const LayoutToken& token) {
  std::string digits = fmt::format("{:09}", nanoseconds);
  digits.resize(token.digits);
  if (token.piece == LayoutPiece::trimmed_fraction) {
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) return "";
  }
  return token.separator + digits;
}

std::string format_piece(const GoTime& time, const CivilTime& civil,
                         const LayoutToken& token) {
  int hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12;
  auto month = kMonths[static_cast<std::size_t>(civil.month - 1)];
  auto day = kDays[static_cast<std::size_t>(civil.weekday)];
  switch (token.piece) {
    case LayoutPiece::text: return std::string(token.text);
    case LayoutPiece::long_month: return std::string(month);
    case LayoutPiece::month: return std::string(month.substr(0, 3));
    case LayoutPiece::number_month: return fmt::to_string(civil.month);
    case LayoutPiece::zero_month: return fmt::format("{:02}", civil.month);
    case LayoutPiece::long_weekday: return std::string(day);
    case LayoutPiece::weekday: return std::string(day.substr(0, 3));
    case LayoutPiece::day: return fmt::to_string(civil.day);
    case LayoutPiece::under_day: return fmt::format("{:2}", civil.day);
    case LayoutPiece::zero_day: return fmt::format("{:02}", civil.day);
    case LayoutPiece::under_year_day:
      return fmt::format("{:3}", civil.year_day);
    case LayoutPiece::zero_year_day:
      return fmt::format("{:03}", civil.year_day);
    case LayoutPiece::hour: return fmt::format("{:02}", civil.hour);
    case LayoutPiece::hour12: return fmt::to_string(hour12);
    case LayoutPiece::zero_hour12: return fmt::format("{:02}", hour12);
    case LayoutPiece::minute: return fmt::to_string(civil.minute);
    case LayoutPiece::zero_minute: return fmt::format("{:02}", civil.minute);
    case LayoutPiece::second: return fmt::to_string(civil.second);
    case LayoutPiece::zero_second: return fmt::format("{:02}", civil.second);
    case LayoutPiece::long_year: return fmt::format("{:04}", civil.year);
    case LayoutPiece::year: return fmt::format("{:02}", civil.year % 100);
    case LayoutPiece::upper_pm: return civil.hour >= 12 ? "PM" : "AM";
    case LayoutPiece::lower_pm: return civil.hour >= 12 ? "pm" : "am";
    case LayoutPiece::zone_name: return time.zone;
    case LayoutPiece::fraction:
    case LayoutPiece::trimmed_fraction:
      return fraction(time.nanoseconds, token);
    default: return zone_offset(time.offset, token.piece);
  }
}

}  // namespace

std::string format_time(const GoTime& time, std::string_view layout) {
  CivilTime civil = to_civil(time.seconds + time.offset);
  std::string out;
  for (auto& token : scan_layout(layout)) {
    out += format_piece(time, civil, token);
  }
  return out;
}

std::string format_duration(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  bool negative = nanoseconds < 0;
  auto n = static_cast<std::uint64_t>(nanoseconds);
  if (negative) n = 0 - n;
  auto trimmed = [](std::uint64_t whole, std::uint64_t part, int digits) {
    std::string text = fmt::format("{}.{:0{}}", whole, part, digits);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
  };
  std::string out = negative ? "-" : "";
  if (n < 1'000) return out + fmt::to_string(n) + "ns";
  if (n < 1'000'000) return out + trimmed(n / 1'000, n % 1'000, 3) + "\xC2\xB5s";
  if (n < 1'000'000'000) {
    return out + trimmed(n / 1'000'000, n % 1'000'000, 6) + "ms";
  }
  std::uint64_t seconds = n / 1'000'000'000;
  if (seconds >= 3600) out += fmt::format("{}h", seconds / 3600);
  if (seconds >= 60) out += fmt::format("{}m", seconds / 60 % 60);
  return out + trimmed(seconds % 60, n % 1'000'000'000, 9) + "s";
}

}  // namespace skerry::chart
