// A receiver of webhooks that answers as it is told.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/http/server.h"
#include "core/os/mutex.h"
#include "core/telemetry/metrics.h"
#include "core/text/json.h"
#include "fake_accounts.h"

namespace skerry::registry {

// Thread-safe.
class HookReceiver {
 public:
  struct Hook {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Json event() const { return parse_json(body).at("events").at(0); }
    std::string header(std::string_view name) const {
      http::Request request;
      request.headers = headers;
      return std::string(request.header(name).value_or(""));
    }
  };

  // `certificate` makes it speak TLS.
  explicit HookReceiver(int port = 0,
                        const std::filesystem::path& certificate = {}) {
    http::ServerOptions options;
    options.listen = (certificate.empty() ? "http" : "https") +
                     std::string("://127.0.0.1:") + std::to_string(port);
    options.certificate = certificate;
    options.threads = 8;
    http::Route route;
    route.method = "POST";
    route.pattern = "/hook";
    route.access = http::Access::anyone;
    route.handler = [this](http::Request& q, http::Response& r) { take(q, r); };
    route.summary = "for a test";
    server_ = std::make_unique<http::Server>(
        options, std::vector<http::Route>{route}, gate_, metrics_);
  }
  ~HookReceiver() { server_->stop(); }

  int port() const { return server_->port(); }
  std::string url() const { return server_->url() + "/hook"; }

  std::atomic<int> status{200};
  std::atomic<int> refuse{0};  // answer so many with 503 first
  std::atomic<bool> silent{false};  // do not answer until the client goes
  void answer_with(std::string body) {
    MutexLock lock(mutex_);
    answer_ = std::move(body);
  }

  std::vector<Hook> hooks() {
    MutexLock lock(mutex_);
    return hooks_;
  }
  std::size_t refused() { return refused_.load(); }
  // Waits until so many were accepted; as many as there are after 10 s.
  std::vector<Hook> wait(std::size_t count) {
    for (int i = 0; i < 1000 && hooks().size() < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return hooks();
  }
  void clear() {
    MutexLock lock(mutex_);
    hooks_.clear();
  }

 private:
  void take(http::Request& request, http::Response& response) {
    const auto body = request.read_body(1u << 20);
    while (silent && !request.stop.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (refuse > 0) {
      --refuse;
      ++refused_;
      response.status = 503;
      response.send("text/plain", "later");
      return;
    }
    const int code = status;
    response.status = code;
    std::string answer;
    {
      MutexLock lock(mutex_);
      if (code < 400) hooks_.push_back({request.headers, body});
      answer = answer_;
    }
    if (code >= 400) ++refused_;
    if (code == 302) response.header("Location", "/elsewhere");
    response.send("text/plain", answer);
  }

  FakeAccounts gate_;
  Metrics metrics_;
  Mutex mutex_;
  std::vector<Hook> hooks_ GUARDED_BY(mutex_);
  std::string answer_ GUARDED_BY(mutex_) = "thank you";
  std::atomic<std::size_t> refused_{0};
  std::unique_ptr<http::Server> server_;
};

}  // namespace skerry::registry
