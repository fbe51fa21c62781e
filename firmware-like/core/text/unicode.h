// UTF-8 and the properties of code points, as Go's unicode package knows them.
// Thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skerry::unicode {

inline constexpr char32_t kReplacement = 0xFFFD;

// The code point at `i`, which moves past it; a byte that is not UTF-8 is
// kReplacement and one byte long.
char32_t next(std::string_view text, std::size_t& i);
void append(std::string& out, char32_t c);
bool is_valid(std::string_view text);
// The text with every broken byte replaced by U+FFFD.
std::string repaired(std::string_view text);
std::size_t count(std::string_view text);
std::u32string decode(std::string_view text);
std::string encode(std::u32string_view text);

bool is_letter(char32_t c);
bool is_digit(char32_t c);
bool is_upper(char32_t c);
bool is_space(char32_t c);
bool is_printable(char32_t c);
char32_t to_upper(char32_t c);
char32_t to_lower(char32_t c);
char32_t to_title(char32_t c);

}  // namespace skerry::unicode
