#include "core/text/unicode.h"

#include <algorithm>

#include "core/text/unicode_tables.h"

namespace skerry::unicode {

namespace {

bool contains(const CodePointRange* ranges, std::size_t size, char32_t c) {
  auto* end = ranges + size;
  auto* found = std::upper_bound(
      ranges, end, c,
      [](char32_t value, const CodePointRange& r) { return value < r.first; });
  return found != ranges && c <= (found - 1)->last;
}

const CaseRange* find_case(char32_t c) {
  auto* end = kCases + kCasesCount;
  auto* found = std::upper_bound(
      kCases, end, c,
      [](char32_t value, const CaseRange& r) { return value < r.first; });
  if (found == kCases || c > (found - 1)->last) return nullptr;
  return found - 1;
}

// `odd` is 1 for the small letter of an alternating range.
char32_t shift(char32_t c, const CaseRange& range, std::int32_t delta,
               char32_t odd) {
  if (delta != kUL) {
    return static_cast<char32_t>(static_cast<std::int32_t>(c) + delta);
  }
  return range.first + (((c - range.first) & ~char32_t{1}) | odd);
}

}  // namespace

char32_t next(std::string_view text, std::size_t& i) {
  auto byte = [&](std::size_t k) {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u;
  };
  char32_t first = byte(i);
  if (first < 0x80) {
    ++i;
    return first;
  }
  std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) {
    ++i;
    return kReplacement;
  }
  char32_t c = first & (0x7Fu >> size);
  for (std::size_t k = 1; k < size; ++k) {
    char32_t b = byte(i + k);
    if ((b & 0xC0) != 0x80) {
      ++i;
      return kReplacement;
    }
    c = (c << 6) | (b & 0x3F);
  }
  bool bad = (size == 3 && (c < 0x800 || (c >= 0xD800 && c <= 0xDFFF))) ||
             (size == 4 && (c < 0x10000 || c > 0x10FFFF));
  if (bad) {
    ++i;
    return kReplacement;
  }
  i += size;
  return c;
}

void append(std::string& out, char32_t c) {
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = kReplacement;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

bool is_valid(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    std::size_t before = i;
    if (next(text, i) == kReplacement && i == before + 1) return false;
  }
  return true;
}

std::string repaired(std::string_view text) {
  if (is_valid(text)) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) append(out, next(text, i));
  return out;
}

std::size_t count(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size(); ++n) next(text, i);
  return n;
}

std::u32string decode(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) out += next(text, i);
  return out;
}

std::string encode(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char32_t c : text) append(out, c);
  return out;
}

bool is_letter(char32_t c) {
  if (c < 0x80) return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  return contains(kLetters, kLettersCount, c);
}

bool is_digit(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return contains(kDigits, kDigitsCount, c);
}

bool is_upper(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  return contains(kUpperCase, kUpperCaseCount, c);
}

bool is_space(char32_t c) {
  switch (c) {
    case '\t': case '\n': case '\v': case '\f': case '\r': case ' ':
    case 0x85: case 0xA0: case 0x1680: case 0x2028: case 0x2029:
    case 0x202F: case 0x205F: case 0x3000:
      return true;
    default:
      return c >= 0x2000 && c <= 0x200A;
  }
}

bool is_printable(char32_t c) {
  if (c < 0x7F) return c >= 0x20;
  return contains(kPrintable, kPrintableCount, c);
}

char32_t to_upper(char32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 0x20 : c;
  auto* range = find_case(c);
  return range ? shift(c, *range, range->upper, 0) : c;
}

char32_t to_lower(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
  auto* range = find_case(c);
  return range ? shift(c, *range, range->lower, 1) : c;
}

char32_t to_title(char32_t c) {
  if (c < 0x80) return to_upper(c);
  auto* range = find_case(c);
  return range ? shift(c, *range, range->title, 0) : c;
}

}  // namespace skerry::unicode
