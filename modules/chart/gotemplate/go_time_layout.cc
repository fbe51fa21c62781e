#include "gotemplate/go_time_layout.h"

#include <algorithm>

namespace skerry::chart {

namespace {

struct Known {
  std::string_view text;
  LayoutPiece piece;
};

// Longer ones before those they begin with.
constexpr Known kKnown[] = {
    {"January", LayoutPiece::long_month},
    {"Jan", LayoutPiece::month},
    {"Monday", LayoutPiece::long_weekday},
    {"Mon", LayoutPiece::weekday},
    {"MST", LayoutPiece::zone_name},
    {"002", LayoutPiece::zero_year_day},
    {"01", LayoutPiece::zero_month},
    {"02", LayoutPiece::zero_day},
    {"03", LayoutPiece::zero_hour12},
    {"04", LayoutPiece::zero_minute},
    {"05", LayoutPiece::zero_second},
    {"06", LayoutPiece::year},
    {"15", LayoutPiece::hour},
    {"1", LayoutPiece::number_month},
    {"2006", LayoutPiece::long_year},
    {"2", LayoutPiece::day},
    {"_2006", LayoutPiece::text},  // "_" and a year
    {"__2", LayoutPiece::under_year_day},
    {"_2", LayoutPiece::under_day},
    {"3", LayoutPiece::hour12},
    {"4", LayoutPiece::minute},
    {"5", LayoutPiece::second},
    {"PM", LayoutPiece::upper_pm},
    {"pm", LayoutPiece::lower_pm},
    {"-07:00", LayoutPiece::colon_zone},
    {"-0700", LayoutPiece::zone},
    {"-07", LayoutPiece::hour_zone},
    {"Z07:00", LayoutPiece::zulu_colon_zone},
    {"Z0700", LayoutPiece::zulu_zone},
};

// ".000" or ",999", not followed by another digit.
bool take_fraction(std::string_view rest, LayoutToken& token) {
  if (rest.size() < 2 || (rest[0] != '.' && rest[0] != ',')) return false;
  char digit = rest[1];
  if (digit != '0' && digit != '9') return false;
  std::size_t end = rest.find_first_not_of(digit, 1);
  if (end == rest.npos) end = rest.size();
  if (end < rest.size() && rest[end] >= '0' && rest[end] <= '9') return false;
  token = {digit == '0' ? LayoutPiece::fraction
                        : LayoutPiece::trimmed_fraction,
           rest.substr(0, end), std::min<std::size_t>(end - 1, 9), rest[0]};
  return true;
}

bool take_known(std::string_view rest, LayoutToken& token) {
  if (take_fraction(rest, token)) return true;
  for (auto& known : kKnown) {
    if (!rest.starts_with(known.text)) continue;
    bool jan = known.text == "Jan" || known.text == "Mon";
    char next = rest.size() > 3 ? rest[3] : ' ';
    if (jan && next >= 'a' && next <= 'z') continue;
    if (known.text == "_2006") return false;
    token = {known.piece, rest.substr(0, known.text.size())};
    return true;
  }
  return false;
}

}  // namespace

std::vector<LayoutToken> scan_layout(std::string_view layout) {
  std::vector<LayoutToken> tokens;
  std::size_t text_start = 0, i = 0;
  while (i < layout.size()) {
    LayoutToken token{LayoutPiece::text, {}};
    if (!take_known(layout.substr(i), token)) {
      ++i;
      continue;
    }
    if (i > text_start) {
      tokens.push_back(
          {LayoutPiece::text, layout.substr(text_start, i - text_start)});
    }
    tokens.push_back(token);
    i += token.text.size();
    text_start = i;
  }
  if (text_start < layout.size()) {
    tokens.push_back({LayoutPiece::text, layout.substr(text_start)});
  }
  return tokens;
}

// Days since 1970 and civil dates: the proleptic Gregorian calendar in eras of
// 400 years that begin in March.
CivilTime to_civil(std::int64_t seconds) {
  std::int64_t days = seconds / 86400, rest = seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  CivilTime civil;
  civil.hour = static_cast<int>(rest / 3600);
  civil.minute = static_cast<int>(rest / 60 % 60);
  civil.second = static_cast<int>(rest % 60);
  civil.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  std::int64_t shifted = days + 719468;
  std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  std::int64_t day_of_era = shifted - era * 146097;
  std::int64_t year_of_era = (day_of_era - day_of_era / 1460 +
                              day_of_era / 36524 - day_of_era / 146096) /
                             365;
  std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  std::int64_t month = (5 * day_of_year + 2) / 153;
  civil.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  civil.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  CivilTime new_year{civil.year};
  civil.year_day =
      static_cast<int>(days - from_civil(new_year) / 86400) + 1;
  return civil;
}

std::int64_t from_civil(const CivilTime& civil) {
  std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  std::int64_t year_of_era = year - era * 400;
  std::int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  std::int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
  std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  std::int64_t days = era * 146097 + day_of_era - 719468;
  return days * 86400 + civil.hour * 3600 + civil.minute * 60 + civil.second;
}

}  // namespace skerry::chart
