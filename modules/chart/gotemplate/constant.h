// Go's literals: quoted strings and numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gotemplate/lexer.h"
#include "gotemplate/node.h"

namespace skerry::chart {

// strconv.Unquote of a "..." or `...` literal; nothing when it is malformed.
std::optional<std::string> unquote(std::string_view literal);

// Fills in every type that a number token fits and its value without context
// (nil when it overflows int). Returns why it is no number, or "".
std::string parse_number(const Token& token, NumberConstant& number,
                         Value& ideal);

// strconv.ParseInt and ParseUint with base 0 (prefixes and underscores) and
// with base 10. Nothing for bad syntax or an overflow.
std::optional<std::int64_t> parse_go_int(std::string_view text, int base);
std::optional<std::uint64_t> parse_go_uint(std::string_view text, int base);
// strconv.ParseFloat: decimal and hexadecimal, "inf" and "nan". An overflow is
// nothing.
std::optional<double> parse_go_float(std::string_view text);

}  // namespace skerry::chart
