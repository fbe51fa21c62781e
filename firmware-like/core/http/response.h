// The answer to a request, written to its connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/http/body.h"
#include "core/http/civetweb.h"
#include "core/http/message.h"

namespace skerry::http {

// Event streams hold their thread until one side ends them: they may take some
// of the threads, not all.
struct StreamQuota {
  const int most;
  std::atomic<int> open{0};
};

class ConnectionResponse : public Response {
 public:
  // `keep` says whether the client and the server want another request on the
  // connection.
  ConnectionResponse(Connection& connection, const RequestHead& head,
                     const RequestBody* body, bool keep, StreamQuota& streams);

  void send(std::string_view content_type, std::string_view body) override;
  void send_file(const Fd& file, std::uint64_t size,
                 std::string_view content_type) override;
  void send_spans(std::uint64_t size, std::string_view content_type,
                  const Giver& give) override;
  // Throws ProtocolError 503 when it would be one event stream too many.
  void stream(std::string_view content_type,
              const std::function<void(const Writer&)>& body) override;
  bool started() const override { return started_; }

  bool client_gone() const { return connection_.broken(); }
  // 204 when the handler answered nothing.
  void finish();

 private:
  void stream_any(std::string_view content_type,
                  const std::function<void(const Writer&)>& body);
  std::string head_text(std::string_view content_type);
  void send_head(std::string_view content_type);
  bool not_modified();
  bool has_header(std::string_view name) const;
  std::string_view header_value(std::string_view name) const;
  std::string_view asked(std::string_view name) const;
  void content_length(std::uint64_t size);
  using SendSpan =
      std::function<void(std::uint64_t first, std::uint64_t size)>;
  void send_ranges(const SendSpan& send_span, std::uint64_t size,
                   std::string_view content_type,
                   const std::vector<ByteRange>& ranges);
  std::optional<std::vector<ByteRange>> wanted_ranges(std::uint64_t size) const;
  void stream_chunked(const std::function<void(const Writer&)>& body);
  void stream_counted(const std::function<void(const Writer&)>& body,
                      std::optional<std::uint64_t> length);

  Connection& connection_;
  const RequestHead& request_;
  const RequestBody* body_;
  bool keep_;
  StreamQuota& streams_;
  const bool is_head_;
  bool started_ = false;
};

}  // namespace skerry::http
