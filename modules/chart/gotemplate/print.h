// Go's fmt: Sprint, Sprintln, Sprintf and strconv.Quote over template values.
// Pure functions, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart {

// %v. Throws too_large for a result that is absurdly wide.
std::string format_value(const Value& value);
// fmt.Sprint: a space between two operands when neither is a string.
std::string sprint(std::span<const Value> values);
std::string sprintln(std::span<const Value> values);
std::string sprintf(std::string_view format, std::span<const Value> values);

// strconv.Quote, or QuoteToASCII.
std::string quote(std::string_view text);
std::string quote_ascii(std::string_view text);
// strconv.QuoteRune
std::string quote_character(char32_t c, bool only_ascii);

}  // namespace skerry::chart
