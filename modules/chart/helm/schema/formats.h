// The "format" keyword. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry::chart::schema {

// Why a text is not of that format; nothing when it is, or when the format is
// not known.
std::optional<std::string> format_problem(std::string_view format,
                                          const std::string& text);

}  // namespace skerry::chart::schema
