// What a YAML scalar stands for, by the rules of go-yaml 2: YAML 1.1's
// booleans, nulls and numbers without base 60, dates kept as text.
// Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skerry {

enum class YamlKind {
  null,
  boolean,
  integer,           // fits int64
  unsigned_integer,  // above int64
  number,
  timestamp,  // text that looks like a date
  merge,      // "<<"
  text,
};

struct YamlScalar {
  YamlKind kind = YamlKind::text;
  bool boolean = false;
  std::int64_t integer = 0;
  std::uint64_t unsigned_integer = 0;
  double number = 0;
};

// The meaning of a plain scalar without a tag.
YamlScalar resolve_yaml_scalar(std::string_view text);

// Whether a string must be quoted so as not to be read as something else.
bool yaml_needs_quotes(std::string_view text);

// strconv.ParseFloat for decimal text; nothing when it is out of range.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace skerry
