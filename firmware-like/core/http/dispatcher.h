// One request from its head to its answer: read, find the route, ask the gate,
// call the handler, turn what it throws into an answer.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "core/http/body.h"
#include "core/http/civetweb.h"
#include "core/http/response.h"
#include "core/http/router.h"
#include "core/telemetry/metrics.h"

namespace skerry::http {

// Thread-safe after construction.
class Dispatcher {
 public:
  // `listen_host` as it stands in an URL, without a port.
  Dispatcher(std::vector<Route> routes, Gate& gate, Metrics& metrics,
             std::string listen_host, std::chrono::milliseconds stall,
             int max_streams);

  void serve(Connection& connection, const RequestHead& head);

  // New requests get 503 from now on; streams of old ones are told to end.
  void refuse_new();
  int in_flight() const { return in_flight_->load(); }

 private:
  void answer(Connection& connection, const RequestHead& head);
  bool read_request(const RequestHead& head, Request& request,
                    TargetPath& path) const;
  void run(const Route& route, Request& request, RequestBody& body,
           ConnectionResponse& response);
  void run_handler(const Route& route, Request& request, RequestBody& body,
                   Response& response);
  void identify(const Route& route, Request& request);
  void admit(const Route& route, const Request& request);
  void count(std::string_view method, int status);

  const Router router_;
  Gate& gate_;
  const std::string listen_host_;
  const std::chrono::milliseconds stall_;
  StreamQuota streams_;
  std::stop_source stop_;
  // Shared with the gauge, which may outlive the server.
  const std::shared_ptr<std::atomic<int>> in_flight_;
  Counter& received_;
  Counter& sent_;
  static constexpr std::array kMethods = {"GET",    "HEAD",  "POST", "PUT",
                                          "DELETE", "PATCH", "other"};
  // One for each method and first digit of the status.
  std::array<std::array<Counter*, 5>, kMethods.size()> requests_{};
};

}  // namespace skerry::http
