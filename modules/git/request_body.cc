#include "request_body.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/http/route.h"

namespace skerry::git {
namespace {

class GzipSource {
 public:
  explicit GzipSource(http::BodyReader& body) : body_(body), input_(32 << 10) {
    // 15 + 16: the largest window, a gzip header required.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) {
      fail(ErrorCode::internal, "zlib cannot start");
    }
  }
  ~GzipSource() { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(char* buffer, std::size_t size) {
    if (done_ || size == 0) return 0;
    auto room = static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
    stream_.next_out = reinterpret_cast<Bytef*>(buffer);
    stream_.avail_out = room;
    while (stream_.avail_out == room && !done_) step();
    return room - stream_.avail_out;
  }

 private:
  void step() {
    if (stream_.avail_in == 0) {
      std::size_t got = body_.read(input_.data(), input_.size());
      if (got == 0) {
        fail(ErrorCode::invalid, "the gzip request body is cut off");
      }
      stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
      stream_.avail_in = static_cast<uInt>(got);
    }
    int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      done_ = true;
      // Let the connection be reused: nothing may be left unread.
      while (body_.read(input_.data(), input_.size()) > 0) {
      }
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail(ErrorCode::invalid, "the request body is no valid gzip: {}",
           stream_.msg == nullptr ? "unknown fault" : stream_.msg);
    }
  }

  http::BodyReader& body_;
  std::vector<char> input_;
  z_stream stream_{};
  bool done_ = false;
};

}  // namespace

ByteSource open_body(http::Request& request) {
  auto encoding = request.header("Content-Encoding");
  http::BodyReader* body = request.body;
  if (!encoding || encoding->empty() || *encoding == "identity") {
    return [body](char* buffer, std::size_t size) {
      return body->read(buffer, size);
    };
  }
  if (*encoding != "gzip" && *encoding != "x-gzip") {
    throw http::ProtocolError(
        415, "unsupported_encoding",
        fmt::format("Content-Encoding {} is not supported, gzip is",
                    *encoding));
  }
  auto source = std::make_shared<GzipSource>(*body);
  return [source](char* buffer, std::size_t size) {
    return source->read(buffer, size);
  };
}

}  // namespace skerry::git
