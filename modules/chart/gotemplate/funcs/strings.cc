// sprig: plain strings.
#include <algorithm>

#include "core/text/unicode.h"
#include "gotemplate/constant.h"
#include "gotemplate/funcs/common.h"
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

namespace {

std::string repeat(Execution& execution, std::int64_t count,
                   std::string_view text) {
  if (count < 0) fail_call("strings: negative Repeat count");
  if (!text.empty()) {
    auto times = static_cast<std::uint64_t>(count);
    constexpr std::uint64_t kHuge = std::uint64_t{1} << 40;
    execution.charge_bytes(times > kHuge / text.size() ? kHuge
                                                       : times * text.size());
  } else {
    count = 0;
  }
  std::string out;
  for (std::int64_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string indent(Execution& execution, std::int64_t spaces,
                   std::string_view text) {
  std::string pad = repeat(execution, spaces, " ");
  return pad + replace_all(execution, text, "\n", "\n" + pad);
}

Value quote_all(Invocation& in) {
  std::string out;
  bool first = true;
  for (auto& value : in.all()) {
    if (value.is_nil()) continue;
    check_value_text(out.size());
    if (!first) out += ' ';
    first = false;
    out += quote(to_text(value));
  }
  return out;
}

Value squote_all(Invocation& in) {
  std::string out;
  bool first = true;
  for (auto& value : in.all()) {
    if (value.is_nil()) continue;
    check_value_text(out.size());
    if (!first) out += ' ';
    first = false;
    out += "'" + format_value(value) + "'";
  }
  return out;
}

Value cat(Invocation& in) {
  std::string out;
  bool first = true;
  for (auto& value : in.all()) {
    if (value.is_nil()) continue;
    check_value_text(out.size());
    if (!first) out += ' ';
    first = false;
    out += format_value(value);
  }
  return out;
}

// strings.Trim(text, cutset)
std::string trim_all(std::string_view cutset, std::string_view text) {
  std::u32string characters = unicode::decode(cutset);
  std::u32string body = unicode::decode(text);
  auto cut = [&](char32_t c) { return characters.find(c) != body.npos; };
  std::size_t start = 0, end = body.size();
  while (start < end && cut(body[start])) ++start;
  while (end > start && cut(body[end - 1])) --end;
  return unicode::encode(std::u32string_view(body).substr(start, end - start));
}

Value trunc(Invocation& in) {
  const std::string& text = in.string(1);
  auto size = static_cast<std::int64_t>(text.size());
  std::int64_t count = in.integer(0);
  if (count < 0 && size + count > 0) {
    return text.substr(static_cast<std::size_t>(size + count));
  }
  if (count >= 0 && size > count) {
    return text.substr(0, static_cast<std::size_t>(count));
  }
  return text;
}

Value substr(Invocation& in) {
  std::int64_t start = in.integer(0), end = in.integer(1);
  const std::string& text = in.string(2);
  auto size = static_cast<std::int64_t>(text.size());
  if (start < 0) return std::string(go_slice(text, 0, end));
  if (end < 0 || end > size) end = size;
  return std::string(go_slice(text, start, end));
}

std::string abbreviate(std::string_view text, std::int64_t offset,
                       std::int64_t width) {
  auto size = static_cast<std::int64_t>(text.size());
  if (text.empty() || width < 4) return "";
  if (size <= width) return std::string(text);
  offset = std::min(offset, size);
  if (size - offset < width - 3) offset = size - (width - 3);
  if (offset <= 4) return std::string(go_slice(text, 0, width - 3)) + "...";
  if (width < 7) return "";
  if (offset + width - 3 < size) {
    return "..." + abbreviate(go_slice(text, offset, size), 0, width - 3);
  }
  return "..." + std::string(go_slice(text, size - (width - 3), size));
}

Value abbrevboth(Invocation& in) {
  std::int64_t left = in.integer(0), right = in.integer(1);
  if (right < 4 || (left > 0 && right < 7)) return in[2];
  return abbreviate(in.string(2), left, right);
}

std::string wrap(Invocation& in, std::string_view text, std::int64_t length,
                 std::string_view line_end) {
  if (line_end.empty()) line_end = "\n";
  auto width = static_cast<std::size_t>(std::max<std::int64_t>(length, 1));
  in.execution().charge_bytes(text.size() / width * line_end.size());
  std::string out;
  std::size_t offset = 0;
  while (text.size() - offset > width) {
    if (text[offset] == ' ') {
      ++offset;
      continue;
    }
    std::size_t space = text.substr(offset, width + 1).rfind(' ');
    bool at_space = space != text.npos;
    std::size_t take = at_space ? space : width;
    out.append(text, offset, take);
    out += line_end;
    offset += take + (at_space ? 1 : 0);
  }
  return out.append(text, offset);
}

// Before a text is split: each part takes more room than its characters.
void charge_parts(Invocation& in, std::string_view separator,
                  std::string_view text) {
  std::uint64_t parts = 1;
  if (separator.empty()) parts += text.size();
  for (std::size_t at = 0; !separator.empty(); at += separator.size()) {
    at = text.find(separator, at);
    if (at == text.npos) break;
    ++parts;
  }
  in.execution().charge_bytes(parts * kMemberBytes);
}

Value split_map(Invocation& in, std::string_view separator,
                std::string_view text, std::int64_t most) {
  charge_parts(in, separator, text);
  Value map = Value::new_map(MapType::strings);
  auto parts = go_split(text, separator, most);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    map.set("_" + std::to_string(i), Value(std::move(parts[i])));
  }
  return map;
}

Value join(Invocation& in) {
  std::string out;
  bool first = true;
  for (auto& text : to_texts(in[1])) {
    if (!first) out += in.string(0);
    first = false;
    in.execution().charge_bytes(text.size() + in.string(0).size());
    out += text;
  }
  return out;
}

// Deletes white space byte by byte, as goutils does.
Value nospace(Invocation& in) {
  std::string out;
  bool found = false;
  for (char c : in.string(0)) {
    auto byte = static_cast<unsigned char>(c);
    if (unicode::is_space(byte)) {
      found = true;
    } else {
      unicode::append(out, byte);
    }
  }
  return found ? Value(std::move(out)) : in[0];
}

Value initials(Invocation& in) {
  std::string out;
  bool after_gap = true;
  for (char c : in.string(0)) {
    auto byte = static_cast<unsigned char>(c);
    if (unicode::is_space(byte)) {
      after_gap = true;
    } else if (after_gap) {
      unicode::append(out, byte);
      after_gap = false;
    }
  }
  return out;
}

constexpr Type S = Type::string, I = Type::integer, A = Type::any;

}  // namespace

std::span<const Function> string_functions() {
  using In = Invocation&;
  static const Function kTable[] = {
      {"hello", {}, false, [](In) { return Value("Hello!"); }},
      {"abbrev", {I, S}, false,
       [](In in) {
         return in.integer(0) < 4
                    ? in[1]
                    : Value(abbreviate(in.string(1), 0, in.integer(0)));
       }},
      {"abbrevboth", {I, I, S}, false, abbrevboth},
      {"trunc", {I, S}, false, trunc},
      {"trim", {S}, false,
       [](In in) { return Value(std::string(trim_space(in.string(0)))); }},
      {"substr", {I, I, S}, false, substr},
      {"repeat", {I, S}, false,
       [](In in) {
         return Value(repeat(in.execution(), in.integer(0), in.string(1)));
       }},
      {"trimall", {S, S}, false,
       [](In in) { return Value(trim_all(in.string(0), in.string(1))); }},
      {"trimAll", {S, S}, false,
       [](In in) { return Value(trim_all(in.string(0), in.string(1))); }},
      {"trimSuffix", {S, S}, false,
       [](In in) {
         if (!in.string(1).ends_with(in.string(0))) return in[1];
         return Value(in.string(1).substr(
             0, in.string(1).size() - in.string(0).size()));
       }},
      {"trimPrefix", {S, S}, false,
       [](In in) {
         if (!in.string(1).starts_with(in.string(0))) return in[1];
         return Value(in.string(1).substr(in.string(0).size()));
       }},
      {"nospace", {S}, false, nospace},
      {"initials", {S}, false, initials},
      {"wrap", {I, S}, false,
       [](In in) { return Value(wrap(in, in.string(1), in.integer(0), "")); }},
      {"wrapWith", {I, S, S}, false,
       [](In in) {
         return Value(wrap(in, in.string(2), in.integer(0), in.string(1)));
       }},
      {"contains", {S, S}, false,
       [](In in) {
         return Value(in.string(1).find(in.string(0)) != std::string::npos);
       }},
      {"hasPrefix", {S, S}, false,
       [](In in) { return Value(in.string(1).starts_with(in.string(0))); }},
      {"hasSuffix", {S, S}, false,
       [](In in) { return Value(in.string(1).ends_with(in.string(0))); }},
      {"quote", {A}, true, quote_all},
      {"squote", {A}, true, squote_all},
      {"cat", {A}, true, cat},
      {"indent", {I, S}, false,
       [](In in) {
         return Value(indent(in.execution(), in.integer(0), in.string(1)));
       }},
      {"nindent", {I, S}, false,
       [](In in) {
         return Value("\n" +
                      indent(in.execution(), in.integer(0), in.string(1)));
       }},
      {"replace", {S, S, S}, false,
       [](In in) {
         return Value(replace_all(in.execution(), in.string(2), in.string(0),
                                  in.string(1)));
       }},
      {"plural", {S, S, I}, false,
       [](In in) { return in.integer(2) == 1 ? in[0] : in[1]; }},
      {"toString", {A}, false, [](In in) { return Value(to_text(in[0])); }},
      {"atoi", {S}, false,
       [](In in) {
         return Value::of_int(parse_go_int(in.string(0), 10).value_or(0));
       }},
      {"split", {S, S}, false,
       [](In in) { return split_map(in, in.string(0), in.string(1), -1); }},
      {"splitn", {S, I, S}, false,
       [](In in) {
         return split_map(in, in.string(0), in.string(2), in.integer(1));
       }},
      {"splitList", {S, S}, false,
       [](In in) {
         charge_parts(in, in.string(0), in.string(1));
         return Value::of_strings(go_split(in.string(1), in.string(0), -1));
       }},
      {"toStrings", {A}, false,
       [](In in) { return Value::of_strings(to_texts(in[0])); }},
      {"join", {S, A}, false, join},
      {"sortAlpha", {A}, false,
       [](In in) {
         auto texts = to_texts(in[0]);
         std::sort(texts.begin(), texts.end());
         return Value::of_strings(texts);
       }},
  };
  return kTable;
}

}  // namespace skerry::chart
