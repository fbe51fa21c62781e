// The Content-Range of an upload: "<first>-<last>", both inclusive, without a
// unit or a total (distribution specification 1.1, "Pushing a blob in
// chunks"). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::registry {

struct ChunkRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t size() const { return last - first + 1; }
};

// Nothing for any other text, an end before the start, or a number past 2^63.
// "bytes <first>-<last>/<total>", which some clients send, is understood too.
std::optional<ChunkRange> parse_chunk_range(std::string_view text);

// The Range header of an answer about an upload that has `received` bytes.
// With none it says "0-0", as Docker's registry does.
std::string received_range(std::uint64_t received);

}  // namespace skerry::registry
