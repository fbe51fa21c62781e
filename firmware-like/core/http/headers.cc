#include "core/http/headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "core/http/route.h"
#include "core/text/number.h"

namespace skerry::http {
namespace {

constexpr std::size_t kMostRanges = 32;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Calls `visit` with each trimmed member of a comma-separated list.
template <typename F>
void each_member(std::string_view list, F visit) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    visit(trimmed(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

[[noreturn]] void bad_framing(std::string message) {
  throw ProtocolError(400, "invalid", std::move(message));
}

// The only value of a header that may stand once.
std::optional<std::string_view> single(const HeaderViews& headers,
                                       std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : headers) {
    if (!equal_ignoring_case(key, name)) continue;
    if (found) bad_framing(fmt::format("the header {} is repeated", name));
    found = value;
  }
  return found;
}

// One range of a Range header: false when its syntax is wrong. `out` stays
// empty when it cannot be satisfied.
bool parse_range(std::string_view text, std::uint64_t size,
                 std::optional<ByteRange>& out) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view from = trimmed(text.substr(0, dash));
  const std::string_view to = trimmed(text.substr(dash + 1));
  if (from.empty()) {  // the last N bytes
    const auto count = parse_number<std::uint64_t>(to);
    if (!count) return false;
    if (*count > 0 && size > 0) {
      out = ByteRange{size - std::min(*count, size), size - 1};
    }
    return true;
  }
  const auto first = parse_number<std::uint64_t>(from);
  const auto last = to.empty() ? UINT64_MAX : parse_number<std::uint64_t>(to);
  if (!first || !last || *first > *last) return false;
  if (*first < size) out = ByteRange{*first, std::min(*last, size - 1)};
  return true;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool list_has(std::string_view list, std::string_view token) {
  bool found = false;
  each_member(list, [&](std::string_view member) {
    found = found || equal_ignoring_case(member, token);
  });
  return found;
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_host(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon != std::string_view::npos &&
      (bracket == std::string_view::npos || bracket < colon)) {
    const auto port = parse_number<std::uint64_t>(text.substr(colon + 1));
    if (!port || *port == 0 || *port > 65535) return false;
    text = text.substr(0, colon);
  }
  std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    allowed = "0123456789abcdefABCDEF:.";
  }
  return !text.empty() && text.size() <= 255 &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

Framing body_framing(const HeaderViews& headers, std::string_view version) {
  const auto encoding = single(headers, "Transfer-Encoding");
  const auto length = single(headers, "Content-Length");
  Framing framing;
  if (encoding) {
    if (length) {
      bad_framing(
          "the request has both Content-Length and Transfer-Encoding; send one");
    }
    if (!equal_ignoring_case(*encoding, "chunked") || version == "1.0") {
      bad_framing(
          "the only transfer coding this server reads is chunked, in HTTP/1.1");
    }
    framing.chunked = true;
  } else if (length) {
    framing.length = parse_number<std::uint64_t>(*length);
    if (!framing.length || *framing.length > INT64_MAX) {
      bad_framing("Content-Length is not a number");
    }
  }
  return framing;
}

bool if_none_match(std::string_view header, std::string_view etag) {
  const auto strong = [](std::string_view tag) {
    return tag.starts_with("W/") ? tag.substr(2) : tag;
  };
  bool matches = trimmed(header) == "*";
  each_member(header, [&](std::string_view member) {
    matches = matches || strong(member) == strong(etag);
  });
  return matches;
}

std::optional<std::vector<ByteRange>> parse_ranges(std::string_view header,
                                                   std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (header.size() < kUnit.size() ||
      !equal_ignoring_case(header.substr(0, kUnit.size()), kUnit)) {
    return std::nullopt;
  }
  std::vector<ByteRange> ranges;
  bool readable = true;
  std::size_t count = 0;
  each_member(header.substr(kUnit.size()), [&](std::string_view member) {
    std::optional<ByteRange> range;
    readable = readable && parse_range(member, size, range) &&
               ++count <= kMostRanges;
    if (readable && range) ranges.push_back(*range);
  });
  if (!readable || count == 0) return std::nullopt;
  return ranges;
}

std::string http_date(std::int64_t seconds) {
  static constexpr std::array<const char*, 7> kDays = {
      "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun",
      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = seconds;
  std::tm utc{};
  gmtime_r(&time, &utc);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                     kMonths[static_cast<std::size_t>(utc.tm_mon)],
                     utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

}  // namespace skerry::http
