// Writes YAML in the block style of go-yaml 2 (a port of libyaml's emitter),
// value by value: strings quoted only where they must be, multi-line strings
// as literal blocks, lines folded past 80 columns, sequences not indented
// under a mapping key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skerry {

// The order in which go-yaml 2 writes the keys of a mapping: digits by their
// number ("a9" before "a10"), letters after everything else.
bool yaml_key_less(std::string_view a, std::string_view b);

// One document: exactly one value, then finish(). In a mapping, key() and a
// value alternate. Not thread-safe.
class YamlEmitter {
 public:
  // Appends to `out`, which outlives the emitter.
  explicit YamlEmitter(std::string& out) : out_(out) {}

  void begin_mapping(bool is_empty);
  void key(std::string_view text);
  void end_mapping();
  void begin_sequence(bool is_empty);
  void end_sequence();
  void string(std::string_view text);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  // A JSON number: whole numbers are written as integers.
  void number(double value);
  void boolean(bool value) { plain(value ? "true" : "false"); }
  void null() { plain("null"); }
  // Ends the document with a newline.
  void finish();
  // Of what `out` holds by now.
  std::size_t size() const { return out_.size(); }

 private:
  enum class Style { plain, single_quoted, double_quoted, literal };
  struct Level {
    bool is_sequence;
    bool is_flow;  // an empty collection
    int outer_indent;
  };
  struct Analysis {
    bool multiline = false;
    bool block_plain_allowed = true;
    bool single_quoted_allowed = true;
    bool block_allowed = true;
  };

  static Analysis analyze(std::string_view text);
  static Style select_style(std::string_view text, const Analysis& analysis,
                            bool is_key);
  void begin_value();
  void push(bool is_sequence, bool is_empty);
  void pop();
  void plain(std::string_view text);
  void scalar(std::string_view text, Style style, bool is_key);
  void put(char c);
  void put_break();
  void put_character(std::string_view text, std::size_t& i);
  void put_any_break(std::string_view text, std::size_t& i);
  void write_indent();
  void write_indicator(std::string_view indicator, bool needs_space,
                       bool is_indention);
  void write_plain(std::string_view text, bool may_fold);
  void write_single_quoted(std::string_view text, bool may_fold);
  void write_double_quoted(std::string_view text, bool may_fold);
  void write_escaped(std::string_view text, std::size_t& i);
  void write_literal(std::string_view text);

  std::string& out_;
  std::vector<Level> levels_;
  int indent_ = -1;
  int column_ = 0;
  bool whitespace_ = true;
  bool indention_ = true;
  bool value_follows_key_ = false;
};

}  // namespace skerry
