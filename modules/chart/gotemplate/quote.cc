#include <fmt/format.h>

#include "core/text/unicode.h"
#include "gotemplate/print.h"

namespace skerry::chart {

namespace {

void append_escaped(std::string& out, char32_t c, char quote,
                    bool only_ascii) {
  if (c == static_cast<char32_t>(quote) || c == '\\') {
    out += '\\';
    out += static_cast<char>(c);
    return;
  }
  if (unicode::is_printable(c) && (c < 0x80 || !only_ascii)) {
    unicode::append(out, c);
    return;
  }
  auto code = static_cast<std::uint32_t>(c);
  switch (c) {
    case '\a': out += "\\a"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case '\v': out += "\\v"; return;
    default: break;
  }
  if (c < ' ' || c == 0x7F) {
    out += fmt::format("\\x{:02x}", code);
  } else if (c < 0x10000) {
    out += fmt::format("\\u{:04x}", code);
  } else {
    out += fmt::format("\\U{:08x}", code);
  }
}

std::string quoted(std::string_view text, bool only_ascii) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    std::size_t before = i;
    char32_t c = unicode::next(text, i);
    if (c == unicode::kReplacement && i == before + 1) {
      out += fmt::format("\\x{:02x}",
                         static_cast<unsigned char>(text[before]));
      continue;
    }
    append_escaped(out, c, '"', only_ascii);
  }
  return out + '"';
}

}  // namespace

std::string quote(std::string_view text) { return quoted(text, false); }
std::string quote_ascii(std::string_view text) { return quoted(text, true); }

std::string quote_character(char32_t c, bool only_ascii) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = unicode::kReplacement;
  std::string out = "'";
  append_escaped(out, c, '\'', only_ascii);
  return out + "'";
}

}  // namespace skerry::chart
