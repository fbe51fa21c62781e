// The HTTP server: listens, reads requests, dispatches them by the routes.
// civetweb does the socket work; this hides it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/http/route.h"
#include "core/telemetry/metrics.h"

namespace skerry::http {

struct ServerOptions {
  // "http://127.0.0.1:8080", "https://0.0.0.0:8443", "http://[::1]:0" (port 0:
  // the system chooses).
  std::string listen;
  std::filesystem::path certificate;  // PEM chain and key, for https
  int threads = 256;                  // connections served at once
  std::size_t max_waiting = 8192;     // and open without being served
  std::size_t max_header_bytes = 32u << 10;
  std::chrono::milliseconds idle_timeout{75'000};   // between requests
  std::chrono::milliseconds stall_timeout{30'000};  // within one
};

// Thread-safe after construction.
class Server {
 public:
  // Throws conflict for ambiguous routes, unavailable when the port is taken.
  Server(ServerOptions options, std::vector<Route> routes, Gate& gate,
         Metrics& metrics);
  ~Server();
  int port() const;
  std::string url() const;  // with the real port
  // Refuses new work, ends streams, waits for handlers.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skerry::http
