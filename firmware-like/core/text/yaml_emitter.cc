#include "core/text/yaml_emitter.h"

#include <fmt/format.h>

#include <charconv>

#include "core/text/float_text.h"
#include "core/text/yaml_scalar.h"

namespace skerry {

namespace {

constexpr int kBestWidth = 80;
constexpr int kBestIndent = 2;
constexpr std::size_t kLongestSimpleKey = 128;

unsigned char byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

std::size_t width(std::string_view text, std::size_t i) {
  unsigned char b = byte_at(text, i);
  std::size_t w = b < 0x80 ? 1 : b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
  return std::min(w, text.size() - i);
}

bool is_space(std::string_view text, std::size_t i) {
  return i < text.size() && text[i] == ' ';
}

bool is_blank(std::string_view text, std::size_t i) {
  return i < text.size() && (text[i] == ' ' || text[i] == '\t');
}

// CR, LF, NEL, LS and PS.
bool is_break(std::string_view text, std::size_t i) {
  switch (byte_at(text, i)) {
    case '\r':
    case '\n':
      return i < text.size();
    case 0xC2:
      return byte_at(text, i + 1) == 0x85;
    case 0xE2:
      return byte_at(text, i + 1) == 0x80 &&
             (byte_at(text, i + 2) == 0xA8 || byte_at(text, i + 2) == 0xA9);
    default:
      return false;
  }
}

bool is_printable(std::string_view text, std::size_t i) {
  unsigned char b = byte_at(text, i);
  if (b < 0x80) return b == '\n' || (b >= 0x20 && b <= 0x7E);
  unsigned char next = byte_at(text, i + 1);
  if (b == 0xC2) return next >= 0xA0;
  if (b == 0xED) return next < 0xA0;
  if (b == 0xEF) {
    unsigned char last = byte_at(text, i + 2);
    return !(next == 0xBB && last == 0xBF) &&
           !(next == 0xBF && (last == 0xBE || last == 0xBF));
  }
  return b > 0xC2 && b <= 0xEE;
}

// go-yaml asks this of the whole text, not of one character: in a string that
// starts with a byte-order mark it escapes everything.
bool starts_with_bom(std::string_view text) {
  return text.substr(0, 3) == "\xEF\xBB\xBF";
}

bool starts_with_marker(std::string_view text) {
  return text.substr(0, 3) == "---" || text.substr(0, 3) == "...";
}

bool is_block_indicator(std::string_view text, std::size_t i,
                        bool after_space) {
  std::size_t next = i + 1;
  bool before_space = next >= text.size() || is_blank(text, next);
  char c = text[i];
  if (i > 0) return (c == ':' && before_space) || (c == '#' && after_space);
  switch (c) {
    case '#': case ',': case '[': case ']': case '{': case '}': case '&':
    case '*': case '!': case '|': case '>': case '\'': case '"': case '%':
    case '@': case '`':
      return true;
    case '?': case ':': case '-':
      return before_space;
    default:
      return false;
  }
}

}  // namespace

YamlEmitter::Analysis YamlEmitter::analyze(std::string_view text) {
  Analysis result;
  if (text.empty()) {
    result.block_allowed = false;
    return result;
  }
  bool plain = !starts_with_marker(text);
  bool special = false, edge_blank = false, trailing_space = false;
  bool break_space = false, space_break = false;
  bool previous_space = false, previous_break = false, after_space = true;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t next = i + width(text, i);
    bool at_edge = i == 0 || next == text.size();
    if (is_block_indicator(text, i, after_space)) plain = false;
    if (!is_printable(text, i)) special = true;
    bool space = is_space(text, i);
    bool line_break = !space && is_break(text, i);
    if (space) {
      if (at_edge) edge_blank = true;
      if (next == text.size()) trailing_space = true;
      if (previous_break) break_space = true;
    } else if (line_break) {
      result.multiline = true;
      if (at_edge) edge_blank = true;
      if (previous_space) space_break = true;
    }
    previous_space = space;
    previous_break = line_break;
    after_space = space || line_break || text[i] == '\t' || text[i] == '\0';
    i = next;
  }
  if (edge_blank || break_space || space_break || special ||
      result.multiline) {
    plain = false;
  }
  result.block_plain_allowed = plain;
  result.single_quoted_allowed = !break_space && !space_break && !special;
  result.block_allowed = !trailing_space && !space_break && !special;
  return result;
}

YamlEmitter::Style YamlEmitter::select_style(std::string_view text,
                                             const Analysis& analysis,
                                             bool is_key) {
  if (is_key && analysis.multiline) return Style::double_quoted;
  if (text.find('\n') != text.npos) {
    bool literal = analysis.block_allowed && !is_key;
    return literal ? Style::literal : Style::double_quoted;
  }
  if (yaml_needs_quotes(text)) return Style::double_quoted;
  if (analysis.block_plain_allowed) return Style::plain;
  return analysis.single_quoted_allowed ? Style::single_quoted
                                        : Style::double_quoted;
}

void YamlEmitter::put(char c) {
  out_ += c;
  ++column_;
}

void YamlEmitter::put_break() {
  out_ += '\n';
  column_ = 0;
}

void YamlEmitter::put_character(std::string_view text, std::size_t& i) {
  std::size_t w = width(text, i);
  out_.append(text, i, w);
  ++column_;
  i += w;
}

void YamlEmitter::put_any_break(std::string_view text, std::size_t& i) {
  if (text[i] == '\n') {
    put_break();
    ++i;
    return;
  }
  put_character(text, i);
  column_ = 0;
}

void YamlEmitter::write_indent() {
  int indent = indent_ < 0 ? 0 : indent_;
  if (!indention_ || column_ > indent || (column_ == indent && !whitespace_)) {
    put_break();
  }
  if (column_ < indent) {
    out_.append(static_cast<std::size_t>(indent - column_), ' ');
    column_ = indent;
  }
  whitespace_ = true;
  indention_ = true;
}

void YamlEmitter::write_indicator(std::string_view indicator,
                                  bool needs_space, bool is_indention) {
  if (needs_space && !whitespace_) put(' ');
  out_ += indicator;
  column_ += static_cast<int>(indicator.size());
  whitespace_ = false;
  indention_ = indention_ && is_indention;
}

// What stands in front of a value: the dash of a sequence's item.
void YamlEmitter::begin_value() {
  if (levels_.empty() || !levels_.back().is_sequence) return;
  write_indent();
  write_indicator("-", true, true);
  value_follows_key_ = false;
}

void YamlEmitter::push(bool is_sequence, bool is_empty) {
  bool indentless = is_sequence && value_follows_key_ && !indention_;
  levels_.push_back({is_sequence, is_empty, indent_});
  value_follows_key_ = false;
  if (is_empty) return;
  if (indent_ < 0) {
    indent_ = 0;
  } else if (!indentless) {
    indent_ += kBestIndent;
  }
}

void YamlEmitter::pop() {
  indent_ = levels_.back().outer_indent;
  levels_.pop_back();
}

void YamlEmitter::begin_mapping(bool is_empty) {
  begin_value();
  if (is_empty) write_indicator("{", true, false);
  push(false, is_empty);
}

void YamlEmitter::end_mapping() {
  if (levels_.back().is_flow) write_indicator("}", false, false);
  pop();
}

void YamlEmitter::begin_sequence(bool is_empty) {
  begin_value();
  if (is_empty) write_indicator("[", true, false);
  push(true, is_empty);
}

void YamlEmitter::end_sequence() {
  if (levels_.back().is_flow) write_indicator("]", false, false);
  pop();
}

void YamlEmitter::key(std::string_view text) {
  Analysis analysis = analyze(text);
  write_indent();
  bool simple = !analysis.multiline && text.size() <= kLongestSimpleKey;
  if (!simple) write_indicator("?", true, true);
  scalar(text, select_style(text, analysis, simple), simple);
  if (!simple) write_indent();
  write_indicator(":", !simple, !simple);
  value_follows_key_ = true;
}

void YamlEmitter::string(std::string_view text) {
  begin_value();
  scalar(text, select_style(text, analyze(text), false), false);
}

void YamlEmitter::plain(std::string_view text) {
  begin_value();
  scalar(text, Style::plain, false);
}

void YamlEmitter::integer(std::int64_t value) { plain(fmt::to_string(value)); }

void YamlEmitter::unsigned_integer(std::uint64_t value) {
  plain(fmt::to_string(value));
}

void YamlEmitter::number(double value) {
  std::string text = format_float_json(value);
  YamlScalar scalar = resolve_yaml_scalar(text);
  switch (scalar.kind) {
    case YamlKind::integer:
      return integer(scalar.integer);
    case YamlKind::unsigned_integer:
      return unsigned_integer(scalar.unsigned_integer);
    default:
      return plain(format_float_g(value));
  }
}

void YamlEmitter::finish() { write_indent(); }

void YamlEmitter::scalar(std::string_view text, Style style, bool is_key) {
  int outer = indent_;
  indent_ = indent_ < 0 ? kBestIndent : indent_ + kBestIndent;
  switch (style) {
    case Style::plain:
      write_plain(text, !is_key);
      break;
    case Style::single_quoted:
      write_single_quoted(text, !is_key);
      break;
    case Style::double_quoted:
      write_double_quoted(text, !is_key);
      break;
    case Style::literal:
      write_literal(text);
      break;
  }
  indent_ = outer;
}

void YamlEmitter::write_plain(std::string_view text, bool may_fold) {
  if (!whitespace_) put(' ');
  bool spaces = false;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_space(text, i)) {
      put_character(text, i);
      indention_ = false;
      spaces = false;
      continue;
    }
    if (may_fold && !spaces && column_ > kBestWidth && !is_space(text, i + 1)) {
      write_indent();
      ++i;
    } else {
      put_character(text, i);
    }
    spaces = true;
  }
  whitespace_ = false;
  indention_ = false;
}

void YamlEmitter::write_single_quoted(std::string_view text, bool may_fold) {
  write_indicator("'", true, false);
  bool spaces = false, breaks = false;
  for (std::size_t i = 0; i < text.size();) {
    if (is_space(text, i)) {
      bool fold = may_fold && !spaces && column_ > kBestWidth && i > 0 &&
                  i + 1 < text.size() && !is_space(text, i + 1);
      if (fold) {
        write_indent();
        ++i;
      } else {
        put_character(text, i);
      }
      spaces = true;
    } else if (is_break(text, i)) {
      if (!breaks && text[i] == '\n') put_break();
      put_any_break(text, i);
      indention_ = true;
      breaks = true;
    } else {
      if (breaks) write_indent();
      if (text[i] == '\'') put('\'');
      put_character(text, i);
      indention_ = false;
      spaces = breaks = false;
    }
  }
  write_indicator("'", false, false);
  whitespace_ = false;
  indention_ = false;
}

void YamlEmitter::write_double_quoted(std::string_view text, bool may_fold) {
  write_indicator("\"", true, false);
  bool escape_all = starts_with_bom(text), spaces = false;
  for (std::size_t i = 0; i < text.size();) {
    char c = text[i];
    if (escape_all || !is_printable(text, i) || is_break(text, i) ||
        c == '"' || c == '\\') {
      write_escaped(text, i);
      spaces = false;
    } else if (c == ' ') {
      bool fold = may_fold && !spaces && column_ > kBestWidth && i > 0 &&
                  i + 1 < text.size();
      if (fold) {
        write_indent();
        if (is_space(text, i + 1)) put('\\');
        ++i;
      } else {
        put_character(text, i);
      }
      spaces = true;
    } else {
      put_character(text, i);
      spaces = false;
    }
  }
  write_indicator("\"", false, false);
  whitespace_ = false;
  indention_ = false;
}

void YamlEmitter::write_escaped(std::string_view text, std::size_t& i) {
  std::size_t w = width(text, i);
  std::uint32_t c = byte_at(text, i);
  if (w > 1) c &= 0xFFu >> (w + 1);
  for (std::size_t k = 1; k < w; ++k) {
    c = (c << 6) | (byte_at(text, i + k) & 0x3Fu);
  }
  i += w;
  std::string escape;
  switch (c) {
    case 0x00: escape = "\\0"; break;
    case 0x07: escape = "\\a"; break;
    case 0x08: escape = "\\b"; break;
    case 0x09: escape = "\\t"; break;
    case 0x0A: escape = "\\n"; break;
    case 0x0B: escape = "\\v"; break;
    case 0x0C: escape = "\\f"; break;
    case 0x0D: escape = "\\r"; break;
    case 0x1B: escape = "\\e"; break;
    case 0x22: escape = "\\\""; break;
    case 0x5C: escape = "\\\\"; break;
    case 0x85: escape = "\\N"; break;
    case 0xA0: escape = "\\_"; break;
    case 0x2028: escape = "\\L"; break;
    case 0x2029: escape = "\\P"; break;
    default:
      escape = c <= 0xFF     ? fmt::format("\\x{:02X}", c)
               : c <= 0xFFFF ? fmt::format("\\u{:04X}", c)
                             : fmt::format("\\U{:08X}", c);
  }
  out_ += escape;
  column_ += static_cast<int>(escape.size());
}

void YamlEmitter::write_literal(std::string_view text) {
  write_indicator("|", true, false);
  if (is_space(text, 0) || is_break(text, 0)) {
    write_indicator("2", false, false);
  }
  std::size_t last = text.size() - 1;
  while (last > 0 && (byte_at(text, last) & 0xC0) == 0x80) --last;
  if (!is_break(text, last)) {
    write_indicator("-", false, false);
  } else if (last == 0) {
    write_indicator("+", false, false);
  } else {
    --last;
    while (last > 0 && (byte_at(text, last) & 0xC0) == 0x80) --last;
    if (is_break(text, last)) write_indicator("+", false, false);
  }
  put_break();
  indention_ = true;
  whitespace_ = true;
  bool breaks = true;
  for (std::size_t i = 0; i < text.size();) {
    if (is_break(text, i)) {
      put_any_break(text, i);
      indention_ = true;
      breaks = true;
      continue;
    }
    if (breaks) write_indent();
    put_character(text, i);
    indention_ = false;
    breaks = false;
  }
}

}  // namespace skerry
