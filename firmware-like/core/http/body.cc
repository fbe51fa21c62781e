#include "core/http/body.h"

#include <algorithm>

#include "core/error.h"

namespace skerry::http {
namespace {

constexpr std::uint64_t kDrained = 64u << 10;

}  // namespace

RequestBody::RequestBody(Connection& connection, const Framing& framing,
                         bool expects_continue,
                         std::chrono::milliseconds stall)
    : connection_(connection),
      framing_(framing),
      stall_(stall),
      owes_continue_(expects_continue),
      finished_(!framing.chunked && framing.length.value_or(0) == 0) {}

bool RequestBody::worth_draining() const {
  if (finished_) return true;
  return !owes_continue_ && failure_ == 0 && framing_.length &&
         *framing_.length - read_ <= kDrained;
}

std::size_t RequestBody::read(char* buffer, std::size_t size) {
  if (finished_ || size == 0) return 0;
  if (failure_ != 0) fail(ErrorCode::io, "the request body broke off");
  if (owes_continue_) {
    owes_continue_ = false;
    connection_.write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  const auto start = std::chrono::steady_clock::now();
  const int got = connection_.read(buffer, std::min<std::size_t>(size, 1 << 30));
  // Bytes that came before the read was ended count; the next read fails.
  too_slow_ = too_slow_ || connection_.too_slow();
  if (got > 0) {
    read_ += static_cast<std::uint64_t>(got);
    finished_ = framing_.length && read_ >= *framing_.length;
    if (read_ > limit_) {
      fail(ErrorCode::too_large,
           "the request body is longer than the limit of {} bytes", limit_);
    }
    return static_cast<std::size_t>(got);
  }
  if (got == 0 && framing_.chunked) {
    finished_ = true;
    return 0;
  }
  const bool stalled =
      too_slow_ ||
      std::chrono::steady_clock::now() - start >= stall_ * 9 / 10;
  failure_ = stalled ? 408 : 400;
  fail(ErrorCode::io, "{}",
       too_slow_ ? "the client sends the request body too slowly"
       : stalled ? "the client stopped sending the request body"
                 : "the request body broke off or its chunks are malformed");
}

}  // namespace skerry::http
