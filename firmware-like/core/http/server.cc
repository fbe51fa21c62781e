#include "core/http/server.h"

#include <algorithm>
#include <thread>

#include "core/http/civetweb.h"
#include "core/http/dispatcher.h"
#include "core/telemetry/log.h"

namespace skerry::http {
namespace {

// How long stop() waits for handlers before their connections are cut.
constexpr std::chrono::seconds kStopPatience{10};

std::string host_in_url(const ListenAddress& address) {
  const std::string url = address.url();
  const std::size_t start = url.find("//") + 2;
  return url.substr(start, url.rfind(':') - start);
}

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& options, std::vector<Route> routes, Gate& gate,
       Metrics& metrics)
      : address(parse_listen(options.listen)),
        dispatcher(std::move(routes), gate, metrics, host_in_url(address),
                   options.stall_timeout, std::max(1, options.threads / 2)) {
    listener = std::make_unique<Listener>(
        ListenerOptions{address, options.certificate, options.threads,
                        options.max_waiting, options.max_header_bytes,
                        options.idle_timeout,
                        options.stall_timeout},
        [this](Connection& connection, const RequestHead& head) {
          dispatcher.serve(connection, head);
        });
    address.port = listener->port();
  }

  ListenAddress address;
  Dispatcher dispatcher;
  std::unique_ptr<Listener> listener;
};

Server::Server(ServerOptions options, std::vector<Route> routes, Gate& gate,
               Metrics& metrics)
    : impl_(std::make_unique<Impl>(options, std::move(routes), gate, metrics)) {}

Server::~Server() { stop(); }

int Server::port() const { return impl_->address.port; }
std::string Server::url() const { return impl_->address.url(); }

void Server::stop() {
  if (!impl_->listener) return;
  impl_->dispatcher.refuse_new();
  const auto deadline = std::chrono::steady_clock::now() + kStopPatience;
  while (impl_->dispatcher.in_flight() > 0 &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (const int left = impl_->dispatcher.in_flight(); left > 0) {
    log::warning("requests cut off by the stop", {{"requests", left}});
  }
  impl_->listener.reset();
}

}  // namespace skerry::http
