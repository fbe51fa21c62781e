// What JSON Schema asks of values: exact numbers, equality, and how the
// messages write numbers and names. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gotemplate/funcs/decimal.h"
#include "gotemplate/value.h"

namespace skerry::chart::schema {

// The number as it is written, digits without zeros at either end. Nothing for
// what is no number.
std::optional<Decimal> exact_number(const Value& value);
int compare(const Decimal& a, const Decimal& b);
bool is_whole(const Decimal& number);
bool is_multiple(const Decimal& number, const Decimal& of);

// Equal as JSON: 1 and 1.0 are.
bool json_equal(const Value& a, const Value& b);

// As golang.org/x/text prints numbers in English: "65,535", "1.5×10⁰⁶".
std::string localized(std::int64_t number);
std::string localized(const Decimal& number);

// 'text', escaped as Go's %q but for the quotes.
std::string single_quoted(std::string_view text);
// A scalar in a message.
std::string shown(const Value& value);

}  // namespace skerry::chart::schema
