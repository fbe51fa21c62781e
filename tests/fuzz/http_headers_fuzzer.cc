// Header values: framing, ranges, hosts, entity tags and dates must neither
// crash nor break what their callers rely on.
#include <cstdint>
#include <cstdlib>

#include "core/http/headers.h"
#include "core/http/route.h"

using namespace skerry::http;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void try_framing(std::string_view a, std::string_view b) {
  for (const std::string_view version : {"1.0", "1.1"}) {
    try {
      const Framing framing = body_framing(
          {{"Content-Length", a}, {"Transfer-Encoding", b}}, version);
      check(!(framing.chunked && framing.length));
    } catch (const ProtocolError& error) {
      check(error.status() == 400);
    }
    try {
      const Framing framing = body_framing({{"content-length", a}}, version);
      check(framing.length.has_value() && *framing.length <= INT64_MAX);
    } catch (const ProtocolError&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t half = size / 2;
  try_framing(text.substr(0, half), text.substr(half));
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1},
                                     std::uint64_t{1000}, UINT64_MAX}) {
    const auto ranges = parse_ranges(text, length);
    if (!ranges) continue;
    check(ranges->size() <= 32);
    for (const ByteRange& range : *ranges) {
      check(range.first <= range.last && range.last < length);
    }
  }
  if (is_host(text)) check(text.find_first_of("/@ \"\r\n") == text.npos);
  if_none_match(text.substr(0, half), text.substr(half));
  list_has(text, "close");
  return 0;
}
