// civetweb: sockets, TLS and the reading of request heads. The only place that
// speaks to its C interface.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/listen.h"

struct mg_connection;

namespace skerry::http {

class ReadWatch;

// The head of a request. The views stay valid while the request is handled.
struct RequestHead {
  // The status to refuse the request with (400, 408, 431, 505) when its head
  // is no HTTP, and why; 0 when it may be read further.
  int fault = 0;
  std::string fault_text;
  std::string_view method;
  std::string_view path;   // still percent-encoded
  std::string_view query;  // without '?'
  std::string_view version;  // "1.1"
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view remote_address;
  int remote_port = 0;
  int local_port = 0;  // the one the client connected to
  bool tls = false;
};

// A connection while one request on it is answered. Used by its thread only.
class Connection {
 public:
  Connection(mg_connection* connection, std::chrono::milliseconds stall,
             ReadWatch& watch);

  RequestHead head() const;
  // The head of a request that civetweb refused with `status`.
  RequestHead broken_head(int status, std::string_view text) const;
  // Body bytes, decoded from chunks. Blocks until `size` are there or the body
  // ends; less than 1: it ended, broke off, stalled or is malformed.
  int read(char* buffer, std::size_t size);
  // The last read was ended because too little came for too long.
  bool too_slow() const { return too_slow_; }
  // All of it, or throws io.
  void write(std::string_view bytes);
  // `size` bytes of a file from `offset`, with sendfile(2) when the connection
  // is plain. Throws io.
  void write_file(int file, std::uint64_t offset, std::uint64_t size);

  // No further request is read from this connection.
  void close_after();
  bool closing() const { return closing_; }
  // Ends the sending side and discards what the client still sends, for a few
  // seconds at most: closing at once would reset the connection and could take
  // the answer with it.
  void linger();

  std::uint64_t bytes_written() const { return written_; }
  // A write failed: the client went away or stopped reading.
  bool broken() const { return broken_; }

 private:
  void write_file_plain(int file, std::uint64_t offset, std::uint64_t size);
  void wait_writable();
  [[noreturn]] void fail_broken(std::string_view why);

  mg_connection* connection_;
  const std::chrono::milliseconds stall_;
  const int socket_;
  const bool tls_;
  ReadWatch& watch_;
  bool too_slow_ = false;
  bool closing_ = false;
  bool broken_ = false;
  std::uint64_t written_ = 0;
};

struct ListenerOptions {
  ListenAddress address;
  std::filesystem::path certificate;
  int threads;
  std::size_t max_waiting;  // open connections beyond those being served
  std::size_t max_header_bytes;
  std::chrono::milliseconds idle_timeout, stall_timeout;
};

// Listens and calls `serve` for each request (also for one whose head has a
// fault) from one of its threads. A connection that is open and silent holds no
// thread once half of them are busy. Thread-safe.
class Listener {
 public:
  using Serve = std::function<void(Connection&, const RequestHead&)>;
  // Throws unavailable when it cannot listen, invalid for a bad certificate.
  Listener(const ListenerOptions& options, Serve serve);
  // Breaks off what is still being read or written and waits for `serve`.
  ~Listener();
  int port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::http
