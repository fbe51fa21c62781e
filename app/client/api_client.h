// The REST API as the command line speaks it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/http/client.h"
#include "core/text/json.h"

namespace skerry::app {

struct ServerOptions {
  std::string url = "http://127.0.0.1:8080";
  std::string token;           // or
  std::string user, password;  // Basic
  std::string ca_file;         // PEM, for a server with a certificate of its own
};

// Used by one thread.
class ApiClient {
 public:
  explicit ApiClient(ServerOptions options);

  // `path` below /api/v1. Throws Error with the server's own sentence when the
  // answer is not 2xx.
  Json get(const std::string& path);
  Json send(const std::string& method, const std::string& path,
            const Json& body = nullptr);
  // A body that is not JSON.
  Json send_text(const std::string& method, const std::string& path,
                 const std::string& content_type, const std::string& body);
  // An answer that is not JSON, as it comes.
  http::ClientResponse get_text(const std::string& path);

 private:
  http::ClientResponse request(const std::string& method,
                               const std::string& path,
                               const std::string& content_type,
                               std::string body);

  const ServerOptions options_;
  std::string ca_pem_;
  const std::unique_ptr<http::Client> client_;
};

}  // namespace skerry::app
