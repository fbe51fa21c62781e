// What header values mean: pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::http {

using HeaderViews =
    std::vector<std::pair<std::string_view, std::string_view>>;

bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);
// Is `token` a member of a comma-separated list, in any case?
bool list_has(std::string_view list, std::string_view token);
// A field name or method (RFC 9110 section 5.6.2).
bool is_token(std::string_view text);
// A host with an optional port, of which an URL can be made.
bool is_host(std::string_view text);

// How the end of a request's body is known (RFC 9112 section 6). Stricter than
// the RFC allows: both ways at once, repeated or odd values are refused, since
// a proxy might read them in another way. Throws ProtocolError 400.
struct Framing {
  std::optional<std::uint64_t> length;
  bool chunked = false;
};
Framing body_framing(const HeaderViews& headers, std::string_view version);

// Does If-None-Match (weak comparison) name `etag`?
bool if_none_match(std::string_view header, std::string_view etag);

// One range of bytes, within the size.
struct ByteRange {
  std::uint64_t first = 0, last = 0;
  std::uint64_t size() const { return last - first + 1; }
};

// Reads a Range header (RFC 9110 section 14.2) for a content of `size` bytes.
// Nothing: no or no readable byte ranges (or unreasonably many): send it all.
// An empty list: none can be satisfied (416).
std::optional<std::vector<ByteRange>> parse_ranges(std::string_view header,
                                                   std::uint64_t size);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::int64_t seconds);
// "Not Found"; "" for a status nobody names.
std::string_view reason_phrase(int status);

}  // namespace skerry::http
