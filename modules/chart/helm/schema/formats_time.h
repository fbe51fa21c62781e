// Formats of dates, times and durations: what is wrong with a text, or "".
// Thread-safe.
#pragma once

#include <string>

namespace skerry::chart::schema {

std::string date_problem(const std::string& text);
std::string time_problem(const std::string& text);
std::string date_time_problem(const std::string& text);
std::string duration_problem(const std::string& text);
std::string period_problem(const std::string& text);

}  // namespace skerry::chart::schema
