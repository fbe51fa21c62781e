// An HTTP request and the answer to it, as a handler sees them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/os/fd.h"
#include "core/text/json.h"

namespace skerry::http {

// The request body as a stream: Content-Length or chunked, "Expect:
// 100-continue" answered at the first read. Used by the handler's thread.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // Up to `size` bytes; 0 at the end. Throws io when the client goes away or
  // stalls, too_large past the route's limit.
  virtual std::size_t read(char* buffer, std::size_t size) = 0;
  // The declared Content-Length, if there is one.
  virtual std::optional<std::uint64_t> length() const = 0;
};

// Who is asking. Made by the Gate (core/auth).
struct Identity {
  std::int64_t user_id = 0;  // 0: anonymous
  std::string name;          // "anonymous", "admin", "robot$deploy"
  bool server_admin = false;
  // Set when a token that is narrower than its owner is used.
  std::vector<std::string> token_scopes{};
  std::int64_t token_id = 0;
  bool anonymous() const { return user_id == 0; }
};

struct Request {
  std::string method;  // "GET"
  std::string path;    // percent-decoded
  std::string query;   // raw, without '?'
  std::map<std::string, std::string, std::less<>> params;  // of the pattern
  std::vector<std::pair<std::string, std::string>> headers;
  std::string remote_address;
  int remote_port = 0;  // 0: not known
  int local_port = 0;   // the one the client connected to
  std::string base_url;  // "http://host:port" as the client addressed us
  bool tls = false;
  Identity identity;
  BodyReader* body = nullptr;
  std::stop_token stop;  // the daemon is stopping

  // Case-insensitive; the first one.
  std::optional<std::string_view> header(std::string_view name) const;
  // Percent-decoded value of the first such query parameter.
  std::optional<std::string> query_param(std::string_view name) const;
  std::vector<std::string> query_params(std::string_view name) const;
  // A parameter of the route's pattern; internal when the pattern has none.
  const std::string& param(std::string_view name) const;

  // The whole body; too_large past `limit`.
  std::string read_body(std::uint64_t limit);
  // The body as a JSON object; invalid when it is not one.
  Json read_json(std::uint64_t limit = 1u << 20);
};

// The answer. A handler calls exactly one of send, send_json, send_file,
// send_spans, stream; returning without one answers 204. Used by the handler's thread.
class Response {
 public:
  virtual ~Response() = default;

  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  void header(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
  }

  virtual void send(std::string_view content_type, std::string_view body) = 0;
  // Bytes that are not UTF-8 become U+FFFD.
  void send_json(const Json& value) {
    send("application/json",
         value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  // Sends `size` bytes of a file from offset 0 with sendfile(2) where it can;
  // answers Range (also several, as multipart/byteranges), If-None-Match when
  // an ETag header is set, and HEAD.
  virtual void send_file(const Fd& file, std::uint64_t size,
                         std::string_view content_type) = 0;
  using Writer = std::function<void(std::string_view)>;
  // The same for content that is not in a file: `give` writes `size` bytes of
  // it from `first` on, and is asked for each span that goes out.
  using Giver = std::function<void(std::uint64_t first, std::uint64_t size,
                                   const Writer& write)>;
  virtual void send_spans(std::uint64_t size, std::string_view content_type,
                          const Giver& give) = 0;
  // Sends the headers, then `write` pieces as they come: chunked, or as
  // Content-Length when that header is set. The writer throws io when the
  // client has gone.
  virtual void stream(std::string_view content_type,
                      const std::function<void(const Writer&)>& body) = 0;
  // True once something went out: too late to change the status.
  virtual bool started() const = 0;
};

}  // namespace skerry::http
