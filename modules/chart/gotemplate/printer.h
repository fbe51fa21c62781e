// One call of Sprintf: its flags and its output. Private to print.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gotemplate/value.h"

namespace skerry::chart {

struct FormatFlags {
  bool plus = false, minus = false, sharp = false, space = false, zero = false;
  bool plus_v = false, sharp_v = false;  // %+v and %#v
  int width = 0, precision = 0;
  bool has_width = false, has_precision = false;
};

// Not thread-safe.
class Printer {
 public:
  void print_argument(const Value& value, char32_t verb);
  void format(std::string_view format, std::span<const Value> values);
  std::string out;

 private:
  struct Cursor;
  bool parse_simple(Cursor& at);
  void parse_index(Cursor& at);
  void parse_width(Cursor& at);
  void parse_precision(Cursor& at);
  void print_verb(Cursor& at);
  void print_extra(std::span<const Value> values);

  void print_value(const Value& value, char32_t verb, int depth);
  void print_list(const Value& value, char32_t verb, int depth);
  void print_map(const Value& value, char32_t verb, int depth);
  void print_object(const Value& value, char32_t verb, int depth);
  void bad_verb(char32_t verb, const Value& value);
  void print_boolean(const Value& value, char32_t verb);
  void print_integer(const Value& value, char32_t verb);
  void print_float(const Value& value, char32_t verb);
  void print_string(const Value& value, char32_t verb);
  void print_bytes(const Value& value, char32_t verb);

  void pad(std::string_view text);
  void pad_with(int count);
  void write_string(std::string_view text);
  void write_integer(std::uint64_t value, unsigned base, bool is_signed,
                     char32_t verb, bool upper);
  void write_unicode(std::uint64_t value);
  void write_float(double value, char verb, int precision);
  void write_hex(std::string_view text, bool upper);
  void write_quoted(std::string_view text);
  std::string_view truncated(std::string_view text) const;

  FormatFlags flags_;
};

}  // namespace skerry::chart
