#include "helm/schema/formats_time.h"

#include <fmt/format.h>

#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/go_time.h"
#include "gotemplate/print.h"

namespace skerry::chart::schema {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads "12:30:45" or "12:30"; returns what is wrong.
std::string read_parts(const std::string& text, std::string_view what,
                       int (&parts)[3]) {
  auto tokens = go_split(text, ":", 3);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto number = parse_go_int(tokens[i], 10);
    if (!number) return fmt::format("invalid {}", what);
    if (*number < 0) return fmt::format("non-positive {}", what);
    parts[i] = static_cast<int>(*number);
  }
  return "";
}

std::string offset_problem(const std::string& text, int& minutes) {
  if (text.size() != 6) return "offset must be 6 characters long";
  if (text[0] != '+' && text[0] != '-') {
    return "offset must begin with plus/minus";
  }
  if (text[3] != ':') return "missing colon in offset in correct place";
  int parts[3] = {};
  auto wrong = read_parts(text.substr(1), "hour/min in offset", parts);
  if (!wrong.empty()) return wrong;
  if (parts[0] > 23 || parts[1] > 59) {
    return "hour/min in offset out of range";
  }
  minutes += (text[0] == '+' ? -1 : 1) * (parts[0] * 60 + parts[1]);
  if (minutes < 0) minutes += 24 * 60;
  return "";
}

}  // namespace

std::string date_problem(const std::string& text) {
  std::string problem;
  parse_time("2006-01-02", text, &problem);
  return problem;
}

std::string time_problem(const std::string& text) {
  if (text.size() < 9) return "less than 9 characters long";
  if (text[2] != ':' || text[5] != ':') {
    return "missing colon in correct place";
  }
  int parts[3] = {};
  auto wrong = read_parts(text.substr(0, 8), "hour/min/sec", parts);
  if (!wrong.empty()) return wrong;
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 60) {
    return "hour/min/sec out of range";
  }
  std::string rest = text.substr(8);
  if (rest.starts_with('.')) {
    std::size_t end = 1;
    while (end < rest.size() && is_digit(rest[end])) ++end;
    if (end == 1) return "no digits in second fraction";
    rest.erase(0, end);
  }
  int minutes = parts[0] * 60 + parts[1];
  if (rest != "z" && rest != "Z") {
    if (wrong = offset_problem(rest, minutes); !wrong.empty()) return wrong;
  }
  bool last_minute = minutes / 60 == 23 && minutes % 60 == 59;
  return parts[2] >= 60 && !last_minute ? "invalid leap second" : "";
}

std::string date_time_problem(const std::string& text) {
  if (text.size() < 20) return "less than 20 characters long";
  if (text[10] != 't' && text[10] != 'T') {
    return "11th character must be t or T";
  }
  if (auto wrong = date_problem(text.substr(0, 10)); !wrong.empty()) {
    return "invalid date element: " + wrong;
  }
  auto wrong = time_problem(text.substr(11));
  return wrong.empty() ? "" : "invalid time element: " + wrong;
}

std::string duration_problem(const std::string& text) {
  if (!text.starts_with('P')) return "must start with P";
  std::string rest = text.substr(1);
  if (rest.empty()) return "nothing after P";
  if (rest.ends_with('W')) {
    rest.pop_back();
    if (rest.empty()) return "no number in week";
    bool digits = rest.find_first_not_of("0123456789") == rest.npos;
    return digits ? "" : "invalid week";
  }
  constexpr std::string_view kUnits[] = {"YMD", "HMS"};
  auto halves = go_split(rest, "T", -1);
  for (std::size_t i = 0; i < halves.size(); ++i) {
    std::string_view half = halves[i];
    if (i > 0 && half.empty()) return "no time elements";
    if (i >= std::size(kUnits)) return "more than one T";
    std::string_view units = kUnits[i];
    while (!half.empty()) {
      std::size_t digits = 0;
      while (digits < half.size() && is_digit(half[digits])) ++digits;
      if (digits == 0) return "missing number";
      half.remove_prefix(digits);
      if (half.empty()) return "missing unit";
      auto unit = quote_character(static_cast<unsigned char>(half[0]), false);
      std::size_t found = units.find(half[0]);
      if (found == units.npos) {
        return kUnits[i].find(half[0]) != units.npos
                   ? fmt::format("unit {} out of order", unit)
                   : fmt::format("invalid unit {}", unit);
      }
      units.remove_prefix(found + 1);
      half.remove_prefix(1);
    }
  }
  return "";
}

std::string period_problem(const std::string& text) {
  std::size_t slash = text.find('/');
  if (slash == text.npos) return "missing slash";
  std::string start = text.substr(0, slash), end = text.substr(slash + 1);
  bool starts_with_duration = start.starts_with('P');
  auto wrong = starts_with_duration ? duration_problem(start)
                                    : date_time_problem(start);
  if (!wrong.empty()) {
    return fmt::format("invalid start {}: {}",
                       starts_with_duration ? "duration" : "date-time", wrong);
  }
  bool ends_with_duration = !starts_with_duration && end.starts_with('P');
  wrong = ends_with_duration ? duration_problem(end) : date_time_problem(end);
  if (wrong.empty()) return "";
  return fmt::format("invalid end {}: {}",
                     ends_with_duration ? "duration" : "date-time", wrong);
}

}  // namespace skerry::chart::schema
