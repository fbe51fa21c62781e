#include "gotemplate/go_yaml_pretty.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/float_text.h"
#include "core/text/unicode.h"
#include "core/text/yaml_emitter.h"
#include "core/text/yaml_scalar.h"
#include "gotemplate/go_time.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kIndent = 2, kLongestSimpleKey = 128;

// As go-yaml 2 but behind digits, where letters come first.
bool key_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  while (i < a.size() && i < b.size() && a[i] == b[i]) ++i;
  if (i > 0 && i < a.size() && i < b.size() && a[i - 1] >= '0' &&
      a[i - 1] <= '9') {
    std::size_t at = i, other = i;
    bool letter = unicode::is_letter(unicode::next(a, at));
    bool other_letter = unicode::is_letter(unicode::next(b, other));
    if (letter != other_letter) return letter;
  }
  return yaml_key_less(a, b);
}

bool is_line_break(char32_t c) {
  return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_printable(char32_t c) {
  return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c < 0xD800) ||
         (c >= 0xE000 && c < 0xFFFE && c != 0xFEFF);
}

// In which styles a text may be written.
struct Analysis {
  bool plain = true, single_quoted = true, literal = true;
  bool is_multiline = false;
};

bool starts_like_syntax(std::u32string_view text) {
  constexpr std::u32string_view kIndicators = U"#,[]{}&*!|>'\"%@`";
  bool before_blank = text.size() == 1 || text[1] == ' ' || text[1] == '\t';
  return kIndicators.find(text[0]) != kIndicators.npos ||
         ((text[0] == '?' || text[0] == ':' || text[0] == '-') &&
          before_blank) ||
         text.starts_with(U"---") || text.starts_with(U"...");
}

Analysis analyze(std::u32string_view text) {
  Analysis found;
  if (text.empty()) {
    found.literal = false;
    return found;
  }
  if (starts_like_syntax(text)) found.plain = false;
  bool special = false, space_break = false, break_space = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i], before = i > 0 ? text[i - 1] : U'\n';
    bool at_end = i + 1 == text.size();
    bool blank_follows = at_end || text[i + 1] == ' ' || text[i + 1] == '\t';
    bool blank_before = i == 0 || before == ' ' || before == '\t' ||
                        before == 0 || is_line_break(before);
    if (i > 0 && c == ':' && blank_follows) found.plain = false;
    if (i > 0 && c == '#' && blank_before) found.plain = false;
    if (c == '\t') {
      found.plain = found.single_quoted = false;
    } else if (!is_printable(c)) {
      special = true;
    }
    if (is_line_break(c)) {
      found.is_multiline = true;
      if (i > 0 && before == ' ') space_break = true;
    } else if (c == ' ') {
      if (i > 0 && is_line_break(before)) break_space = true;
      if (i == 0 || at_end) found.plain = false;
      if (at_end) found.literal = false;
    }
  }
  if (special || space_break) found.literal = false;
  if (special || space_break || break_space) {
    found.plain = found.single_quoted = false;
  }
  if (found.is_multiline) found.plain = false;
  return found;
}

std::string double_quoted(std::u32string_view text) {
  constexpr std::pair<char32_t, char> kShort[] = {
      {0, '0'},    {7, 'a'},    {8, 'b'},     {9, 't'},    {10, 'n'},
      {11, 'v'},   {12, 'f'},   {13, 'r'},    {27, 'e'},   {'"', '"'},
      {'\\', '\\'}, {0x85, 'N'}, {0xA0, '_'}, {0x2028, 'L'}, {0x2029, 'P'}};
  std::string out = "\"";
  bool has_mark = !text.empty() && text[0] == 0xFEFF;
  for (char32_t c : text) {
    bool escapes = has_mark || !is_printable(c) || is_line_break(c) ||
                   c == '"' || c == '\\';
    if (!escapes) {
      unicode::append(out, c);
      continue;
    }
    auto* known = std::find_if(std::begin(kShort), std::end(kShort),
                               [&](auto& pair) { return pair.first == c; });
    if (known != std::end(kShort)) {
      out += '\\';
      out += known->second;
    } else {
      auto code = static_cast<std::uint32_t>(c);
      out += c <= 0xFF     ? fmt::format("\\x{:02X}", code)
             : c <= 0xFFFF ? fmt::format("\\u{:04X}", code)
                           : fmt::format("\\U{:08X}", code);
    }
  }
  return out + '"';
}

class PrettyWriter {
 public:
  // `indent` is that of the collection around the value; `follows` what stands
  // in front: nothing, a key or the dash of a sequence.
  enum class Follows { nothing, key, dash };

  void write(const Value& value, std::size_t indent, Follows follows,
             int depth) {
    if (depth > kMaxValueDepth) fail(ErrorCode::invalid, "yaml: cycle");
    check_value_text(out.size());
    switch (value.kind()) {
      case Kind::nil: return scalar("null", follows);
      case Kind::boolean:
        return scalar(value.boolean() ? "true" : "false", follows);
      case Kind::integer:
      case Kind::int64:
        return scalar(fmt::to_string(value.integer()), follows);
      case Kind::uint64:
        return scalar(fmt::to_string(value.unsigned_integer()), follows);
      case Kind::number: return scalar(number(value.number()), follows);
      case Kind::string: return text(value.string(), indent, follows);
      case Kind::bytes: {
        std::vector<Value> items;
        for (char c : value.string()) {
          items.emplace_back(static_cast<int>(static_cast<unsigned char>(c)));
        }
        return list(items, indent, follows, depth);
      }
      case Kind::list: return list(value.items(), indent, follows, depth);
      case Kind::map: return map(value, indent, follows, depth);
      case Kind::object: return object(value, indent, follows, depth);
    }
  }

  std::string out;

 private:
  void scalar(std::string_view text, Follows follows) {
    if (follows != Follows::nothing) out += ' ';
    out += text;
  }

  static std::string number(double value) {
    if (std::isnan(value)) return ".nan";
    if (std::isinf(value)) return value < 0 ? "-.inf" : ".inf";
    return format_float_g(value);
  }

  void text(const std::string& text, std::size_t indent, Follows follows) {
    if (!unicode::is_valid(text)) {
      return scalar("!!binary " + to_base64(text), follows);
    }
    std::u32string decoded = unicode::decode(text);
    Analysis analysis = analyze(decoded);
    if (text.find('\n') != text.npos && analysis.literal) {
      scalar("|", follows);
      std::size_t inner = follows == Follows::nothing ? kIndent
                                                      : indent + kIndent;
      return literal(text, inner);
    }
    scalar(quoted(text, decoded, analysis, false), follows);
  }

  static std::string quoted(const std::string& text,
                            std::u32string_view decoded,
                            const Analysis& analysis, bool is_key) {
    bool has_break = text.find('\n') != text.npos;
    if (has_break || yaml_needs_quotes(text) || (is_key && analysis.is_multiline)) {
      return double_quoted(decoded);
    }
    if (analysis.plain) return text;
    if (!analysis.single_quoted) return double_quoted(decoded);
    std::string single = "'";
    for (char c : text) {
      single += c;
      if (c == '\'') single += '\'';
    }
    return single + "'";
  }

  void literal(std::string_view text, std::size_t indent) {
    char first = text[0];
    if (first == ' ' || first == '\n' || first == '\r') {
      out += static_cast<char>('0' + kIndent);
    }
    if (text.back() != '\n') {
      out += '-';
    } else if (text.size() == 1 || text[text.size() - 2] == '\n') {
      out += '+';
    }
    for (std::size_t start = 0; start < text.size();) {
      std::size_t end = std::min(text.find('\n', start), text.size());
      out += '\n';
      if (end > start) {
        out.append(indent, ' ');
        out += text.substr(start, end - start);
      }
      start = end + 1;
    }
  }

  void line(std::size_t indent) {
    out += '\n';
    out.append(indent, ' ');
  }

  void key(const std::string& text, std::size_t indent) {
    std::u32string decoded = unicode::decode(text);
    Analysis analysis = analyze(decoded);
    bool is_simple = !analysis.is_multiline && text.size() <= kLongestSimpleKey;
    if (!is_simple) {
      out += '?';
      this->text(text, indent, Follows::key);
      line(indent);
    } else {
      out += text.empty() ? "\"\"" : quoted(text, decoded, analysis, true);
    }
    out += ':';
  }

  void map(const Value& value, std::size_t indent, Follows follows,
           int depth) {
    std::vector<const Map::Entries::value_type*> members;
    for (auto& member : value.entries()) members.push_back(&member);
    if (members.empty()) return scalar("{}", follows);
    std::sort(members.begin(), members.end(),
              [](auto* a, auto* b) { return key_less(a->first, b->first); });
    std::size_t inner = follows == Follows::nothing ? 0 : indent + kIndent;
    bool first = true;
    for (auto* member : members) {
      open_line(inner, follows, first);
      key(member->first, inner);
      write(member->second, inner, Follows::key, depth + 1);
      first = false;
    }
  }

  void list(const std::vector<Value>& items, std::size_t indent,
            Follows follows, int depth) {
    if (items.empty()) return scalar("[]", follows);
    std::size_t inner = follows == Follows::nothing ? 0 : indent + kIndent;
    bool first = true;
    for (auto& item : items) {
      open_line(inner, follows, first);
      out += '-';
      write(item, inner, Follows::dash, depth + 1);
      first = false;
    }
  }

  // The first member of a collection stays on the line of a dash.
  void open_line(std::size_t indent, Follows follows, bool first) {
    if (!first || follows == Follows::key) return line(indent);
    if (follows == Follows::dash) out += ' ';
  }

  void object(const Value& value, std::size_t indent, Follows follows,
              int depth) {
    if (auto* time = as_time(value)) {
      return scalar(format_time(*time, "2006-01-02T15:04:05.999999999Z07:00"),
                    follows);
    }
    Value plain = value.object().to_plain();
    if (!plain.is_map() || value.object().kind_name() == "map") {
      return write(plain, indent, follows, depth + 1);
    }
    // The fields of a struct are written in lower case.
    Value lower = Value::new_map();
    for (auto& [name, member] : plain.entries()) {
      std::string key = name;
      for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      }
      lower.set(std::move(key), member);
    }
    write(lower, indent, follows, depth + 1);
  }

};

}  // namespace

std::string write_yaml_pretty(const Value& value) {
  PrettyWriter writer;
  writer.write(value, 0, PrettyWriter::Follows::nothing, 0);
  return std::move(writer.out);
}

}  // namespace skerry::chart
