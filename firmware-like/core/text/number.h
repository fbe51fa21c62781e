// Numbers in text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace skerry {

// The whole of `text` as a whole number: digits only, a leading '-' for signed
// types. Nothing for everything else and for what T cannot hold.
template <typename T>
std::optional<T> parse_number(std::string_view text, int base = 10) {
  T number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace skerry
