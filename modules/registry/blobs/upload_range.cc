#include "blobs/upload_range.h"

#include <charconv>

namespace skerry::registry {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.empty() || text.size() > 18) return {};
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return {};
  return value;
}

}  // namespace

std::optional<ChunkRange> parse_chunk_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (text.substr(0, kUnit.size()) == kUnit) {
    text.remove_prefix(kUnit.size());
    text = text.substr(0, text.find('/'));
  }
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = parse_number(text.substr(0, dash));
  const auto last = parse_number(text.substr(dash + 1));
  if (!first || !last || *last < *first) return {};
  return ChunkRange{*first, *last};
}

std::string received_range(std::uint64_t received) {
  return "0-" + std::to_string(received == 0 ? 0 : received - 1);
}

}  // namespace skerry::registry
