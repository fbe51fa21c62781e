// What several families of functions share: Go's conversions and panics.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gotemplate/error.h"
#include "gotemplate/exec.h"
#include "gotemplate/function.h"
#include "gotemplate/print.h"

namespace skerry::chart {

// spf13/cast: what cannot be converted is 0.
std::int64_t to_int64(const Value& value);
double to_double(const Value& value);
// Go's int64(float) on amd64: out of range is the smallest number.
std::int64_t truncate_to_int64(double value);

// sprig's strval and strslice.
std::string to_text(const Value& value);
std::vector<std::string> to_texts(const Value& value);
// sprig's empty: Go's zero values.
inline bool is_empty(const Value& value) { return !is_true(value); }

// The items of a list, of bytes or of an object that is a list; otherwise
// fails as sprig does: "Cannot <what> on type map".
std::vector<Value> items_of(const Value& value, std::string_view complaint);

// "runtime error: invalid memory address or nil pointer dereference"
[[noreturn]] void fail_nil_pointer();
// text[low:high], with the panics of Go.
std::string_view go_slice(std::string_view text, std::int64_t low,
                          std::int64_t high);
std::vector<std::string> go_split(std::string_view text,
                                  std::string_view separator,
                                  std::int64_t most);
std::string_view trim_space(std::string_view text);
// strings.Replace(text, old, with, -1); charges the result.
std::string replace_all(Execution& execution, std::string_view text,
                        std::string_view old, std::string_view with);

}  // namespace skerry::chart
