// A server with a gate that believes what it is told.
#pragma once

#include <string>
#include <vector>

#include "core/http/raw_client.h"
#include "core/http/server.h"

namespace skerry::test {

// "X-User: bob" is bob; "root" is a server admin; "expired" is refused. bob is
// a developer of "demo"; anybody may read "open".
class FakeGate : public http::Gate {
 public:
  http::Identity identify(const http::Request& request) override {
    const auto user = request.header("X-User");
    if (!user) return {0, "anonymous"};
    if (*user == "expired") {
      throw http::ProtocolError(401, "", "the token expired");
    }
    return {1, std::string(*user), *user == "root"};
  }
  bool allows(const http::Identity& who, http::Access access,
              std::string_view project) override {
    if (who.server_admin) return true;
    if (access == http::Access::signed_in) return !who.anonymous();
    if (project == "open" && access == http::Access::project_viewer) {
      return true;
    }
    return who.name == "bob" && project == "demo" &&
           (access == http::Access::project_viewer ||
            access == http::Access::project_developer);
  }
};

inline http::Route route(
    std::string method, std::string pattern, http::Handler handler,
    http::Access access = http::Access::anyone,
    http::Dialect dialect = http::Dialect::api) {
  return {std::move(method), std::move(pattern), access, std::move(handler),
          "for a test", dialect};
}

inline http::ServerOptions quick_options() {
  http::ServerOptions options;
  options.listen = "http://127.0.0.1:0";
  options.threads = 16;
  options.max_header_bytes = 8u << 10;
  options.idle_timeout = std::chrono::milliseconds(600);
  options.stall_timeout = std::chrono::milliseconds(600);
  return options;
}

// The parts a server needs, in the right order.
struct TestServer {
  explicit TestServer(std::vector<http::Route> routes,
                      http::ServerOptions options = quick_options())
      : server(std::move(options), std::move(routes), gate, metrics) {}
  int port() const { return server.port(); }

  FakeGate gate;
  Metrics metrics;
  http::Server server;
};

}  // namespace skerry::test
