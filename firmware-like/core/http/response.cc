#include "core/http/response.h"

#include <fmt/format.h>

#include <chrono>

#include "core/error.h"
#include "core/http/headers.h"
#include "core/http/route.h"
#include "core/os/random.h"
#include "core/text/number.h"

namespace skerry::http {
namespace {

// A small file is sent in one piece with its head.
constexpr std::uint64_t kSmallFile = 16u << 10;
// The largest chunk of a chunked answer.
constexpr std::size_t kLargestChunk = 64u << 10;

// A page of ours may load what it came with and nothing else, and be framed by
// nobody. Everything else that a browser might show as a document may do
// nothing at all.
constexpr std::string_view kPagePolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";
constexpr std::string_view kDocumentPolicy =
    "default-src 'none'; frame-ancestors 'none'; sandbox";

bool bodiless(int status) {
  return status < 200 || status == 204 || status == 304;
}

void check_header(std::string_view name, std::string_view value) {
  if (!is_token(name) ||
      value.find_first_of(std::string_view("\r\n\0", 3)) !=
          std::string_view::npos) {
    fail(ErrorCode::internal, "a handler set an impossible header '{}'", name);
  }
}

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

ConnectionResponse::ConnectionResponse(Connection& connection,
                                       const RequestHead& head,
                                       const RequestBody* body, bool keep,
                                       StreamQuota& streams)
    : connection_(connection),
      request_(head),
      body_(body),
      keep_(keep),
      streams_(streams),
      is_head_(head.method == "HEAD") {}

bool ConnectionResponse::has_header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return true;
  }
  return false;
}

std::string_view ConnectionResponse::header_value(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::string_view ConnectionResponse::asked(std::string_view name) const {
  for (const auto& [key, value] : request_.headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return {};
}

std::string ConnectionResponse::head_text(std::string_view content_type) {
  if (started_) {
    fail(ErrorCode::internal, "a handler answered a request twice");
  }
  keep_ = keep_ && (body_ == nullptr || body_->worth_draining());
  std::string text =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", status,
                  reason_phrase(status), http_date(seconds_now()));
  const auto add = [&](std::string_view name, std::string_view value) {
    if (has_header(name)) return;
    text.append(name).append(": ").append(value).append("\r\n");
  };
  for (const auto& [name, value] : headers) {
    check_header(name, value);
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!content_type.empty()) {
    check_header("Content-Type", content_type);
    add("Content-Type", content_type);
    const bool page = content_type.starts_with("text/html");
    add("Content-Security-Policy", page ? kPagePolicy : kDocumentPolicy);
  }
  if (!has_header("ETag")) add("Cache-Control", "no-store");
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "same-origin");
  if (!keep_) {
    add("Connection", "close");
  } else if (request_.version == "1.0") {
    add("Connection", "keep-alive");
  }
  text += "\r\n";
  started_ = true;
  if (!keep_) connection_.close_after();
  return text;
}

void ConnectionResponse::send_head(std::string_view content_type) {
  connection_.write(head_text(content_type));
}

void ConnectionResponse::content_length(std::uint64_t size) {
  if (!has_header("Content-Length")) {
    header("Content-Length", std::to_string(size));
  }
}

bool ConnectionResponse::not_modified() {
  const std::string_view etag = header_value("ETag");
  if (status != 200 || etag.empty() || request_.method == "POST" ||
      !if_none_match(asked("If-None-Match"), etag)) {
    return false;
  }
  status = 304;
  send_head("");
  return true;
}

void ConnectionResponse::send(std::string_view content_type,
                              std::string_view body) {
  if (not_modified()) return;
  if (bodiless(status)) {
    send_head("");
    return;
  }
  content_length(body.size());
  std::string text = head_text(content_type);
  if (!is_head_ && body.size() <= kLargestChunk) {
    text += body;
    body = {};
  }
  connection_.write(text);
  if (!is_head_) connection_.write(body);
}

std::optional<std::vector<ByteRange>> ConnectionResponse::wanted_ranges(
    std::uint64_t size) const {
  const std::string_view range = asked("Range");
  if (range.empty() || status != 200 || request_.method != "GET") {
    return std::nullopt;
  }
  const std::string_view condition = asked("If-Range");
  const bool unchanged =
      condition.empty() ||
      (!condition.starts_with("W/") && (condition == header_value("ETag") ||
                                        condition ==
                                            header_value("Last-Modified")));
  if (!unchanged) return std::nullopt;
  return parse_ranges(range, size);
}

void ConnectionResponse::send_file(const Fd& file, std::uint64_t size,
                                   std::string_view content_type) {
  if (not_modified()) return;
  header("Accept-Ranges", "bytes");
  if (const auto ranges = wanted_ranges(size)) {
    send_ranges(
        [&](std::uint64_t first, std::uint64_t count) {
          connection_.write_file(file.get(), first, count);
        },
        size, content_type, *ranges);
    return;
  }
  content_length(size);
  std::string text = head_text(content_type);
  if (!is_head_ && size <= kSmallFile) {
    const std::size_t start = text.size();
    text.resize(start + size);
    const ssize_t got = ::pread(file.get(), text.data() + start, size, 0);
    if (got != static_cast<ssize_t>(size)) {
      fail(ErrorCode::io, "a file to send cannot be read or became shorter");
    }
    size = 0;
  }
  connection_.write(text);
  if (!is_head_) connection_.write_file(file.get(), 0, size);
}

void ConnectionResponse::send_spans(std::uint64_t size,
                                    std::string_view content_type,
                                    const Giver& give) {
  if (not_modified()) return;
  const auto send_span = [&](std::uint64_t first, std::uint64_t count) {
    stream_counted([&](const Writer& write) { give(first, count, write); },
                   count);
  };
  header("Accept-Ranges", "bytes");
  if (const auto ranges = wanted_ranges(size)) {
    send_ranges(send_span, size, content_type, *ranges);
    return;
  }
  content_length(size);
  send_head(content_type);
  if (!is_head_) send_span(0, size);
}

void ConnectionResponse::send_ranges(const SendSpan& send_span,
                                     std::uint64_t size,
                                     std::string_view content_type,
                                     const std::vector<ByteRange>& ranges) {
  if (ranges.empty()) {
    status = 416;
    header("Content-Range", fmt::format("bytes */{}", size));
    send("text/plain", "the file does not have the bytes of this range\n");
    return;
  }
  status = 206;
  const auto range_text = [size](const ByteRange& range) {
    return fmt::format("bytes {}-{}/{}", range.first, range.last, size);
  };
  if (ranges.size() == 1) {
    header("Content-Range", range_text(ranges[0]));
    content_length(ranges[0].size());
    send_head(content_type);
    send_span(ranges[0].first, ranges[0].size());
    return;
  }
  const std::string boundary = "skerry-" + random_name(24);
  std::vector<std::string> leads;
  const std::string end = fmt::format("\r\n--{}--\r\n", boundary);
  std::uint64_t total = end.size();
  for (const ByteRange& range : ranges) {
    leads.push_back(
        fmt::format("\r\n--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n",
                    boundary, content_type, range_text(range)));
    total += leads.back().size() + range.size();
  }
  content_length(total);
  send_head("multipart/byteranges; boundary=" + boundary);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    connection_.write(leads[i]);
    send_span(ranges[i].first, ranges[i].size());
  }
  connection_.write(end);
}

void ConnectionResponse::stream(
    std::string_view content_type,
    const std::function<void(const Writer&)>& body) {
  if (content_type != "text/event-stream" || is_head_) {
    stream_any(content_type, body);
    return;
  }
  struct Place {
    explicit Place(StreamQuota& q) : quota(q), number(++quota.open) {}
    ~Place() { --quota.open; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    StreamQuota& quota;
    const int number;
  } place(streams_);
  if (place.number > streams_.most) {
    throw ProtocolError(503, "",
                        fmt::format("{} event streams are open, and no more are "
                                    "allowed (setting http.threads)",
                                    streams_.most),
                        {{"Retry-After", "10"}});
  }
  stream_any(content_type, body);
}

void ConnectionResponse::stream_any(
    std::string_view content_type,
    const std::function<void(const Writer&)>& body) {
  if (not_modified()) return;
  if (bodiless(status)) {
    send_head("");
    return;
  }
  std::optional<std::uint64_t> length;
  const std::string_view declared = header_value("Content-Length");
  if (!declared.empty()) length = parse_number<std::uint64_t>(declared);
  const bool chunked = !length && request_.version != "1.0";
  if (chunked) header("Transfer-Encoding", "chunked");
  if (!length && !chunked) keep_ = false;  // the end is the connection's end
  send_head(content_type);
  if (is_head_) return;
  if (chunked) {
    stream_chunked(body);
  } else {
    stream_counted(body, length);
  }
}

void ConnectionResponse::stream_chunked(
    const std::function<void(const Writer&)>& body) {
  std::string chunk;
  body([&](std::string_view bytes) {
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, kLargestChunk);
      chunk = fmt::format("{:x}\r\n", part.size());
      chunk.append(part).append("\r\n");
      connection_.write(chunk);
      bytes.remove_prefix(part.size());
    }
  });
  connection_.write("0\r\n\r\n");
}

void ConnectionResponse::stream_counted(
    const std::function<void(const Writer&)>& body,
    std::optional<std::uint64_t> length) {
  std::uint64_t written = 0;
  body([&](std::string_view bytes) {
    written += bytes.size();
    if (length && written > *length) {
      fail(ErrorCode::internal, "a handler wrote more than its Content-Length");
    }
    connection_.write(bytes);
  });
  if (length && written < *length) {
    fail(ErrorCode::internal, "a handler wrote {} of {} promised bytes",
         written, *length);
  }
}

void ConnectionResponse::finish() {
  if (started_) return;
  if (status == 200) status = 204;
  if (!bodiless(status)) content_length(0);
  send_head("");
}

}  // namespace skerry::http
