#include "blobs/upload_range.h"

#include "core/text/number.h"

namespace skerry::registry {

std::optional<ChunkRange> parse_chunk_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (text.substr(0, kUnit.size()) == kUnit) {
    text.remove_prefix(kUnit.size());
    text = text.substr(0, text.find('/'));
  }
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = parse_number<std::uint64_t>(text.substr(0, dash));
  const auto last = parse_number<std::uint64_t>(text.substr(dash + 1));
  if (!first || !last || *last < *first || *last > INT64_MAX) return {};
  return ChunkRange{*first, *last};
}

std::string received_range(std::uint64_t received) {
  return "0-" + std::to_string(received == 0 ? 0 : received - 1);
}

}  // namespace skerry::registry
