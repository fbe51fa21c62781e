// The body of a request, read from its connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/http/civetweb.h"
#include "core/http/headers.h"
#include "core/http/message.h"

namespace skerry::http {

class RequestBody : public BodyReader {
 public:
  RequestBody(Connection& connection, const Framing& framing,
              bool expects_continue, std::chrono::milliseconds stall);

  // Bytes from which on read() throws too_large.
  void limit(std::uint64_t bytes) { limit_ = bytes; }
  std::size_t read(char* buffer, std::size_t size) override;
  std::optional<std::uint64_t> length() const override {
    return framing_.length;
  }

  std::uint64_t bytes_read() const { return read_; }
  // Nothing of it is left on the connection.
  bool finished() const { return finished_; }
  // What is left is known and so little that reading it away costs less than
  // a new connection.
  bool worth_draining() const;
  // The status that says how it broke off (400, 408); 0 when it did not.
  int failure() const { return failure_; }

 private:
  Connection& connection_;
  const Framing framing_;
  const std::chrono::milliseconds stall_;
  bool owes_continue_;
  bool finished_;
  bool too_slow_ = false;
  int failure_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t limit_ = UINT64_MAX;
};

}  // namespace skerry::http
