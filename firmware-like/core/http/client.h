// The HTTP client (libcurl): proxies, redirects, streaming, own CAs.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skerry::http {

struct ClientResponse;

struct ClientRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Instead of `body`: fills the buffer, 0 at the end; chunked, unless it is
  // said how many bytes there are.
  std::function<std::size_t(char*, std::size_t)> body_source;
  std::optional<std::uint64_t> body_size{};
  // Instead of keeping the answer: gets it piece by piece (only for 2xx).
  std::function<void(std::string_view)> body_sink;
  // Gets status and headers of a 2xx answer before the first byte of its body.
  std::function<void(const ClientResponse&)> on_head{};
  std::string user, password;  // Basic
  std::string ca_pem;          // beside the system's
  bool verify_tls = true;
  bool follow_redirects = true;  // at most 10; credentials stay with the host
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds stall_timeout{60'000};
  // From the connection to the end of the answer; 0: as long as bytes come.
  std::chrono::milliseconds total_timeout{0};
  std::uint64_t max_body = 64u << 20;
  // The answer is done with its head: its body is not read.
  bool head_only = false;
  // Throws denied rather than connecting to an address of this machine or of
  // its link (local_address.h), whatever a name resolves to; the connection is
  // used once.
  bool refuse_local = false;
};

struct ClientResponse {
  int status = 0;
  // Names in lower case; the last of a name wins, but all challenges
  // (www-authenticate) are kept, joined by ", ".
  std::map<std::string, std::string> headers;
  std::string body;
  std::string url;  // after redirects
};

// Thread-safe; keeps connections for reuse.
class Client {
 public:
  virtual ~Client() = default;
  // Throws unavailable when no answer comes ("connect to ...: refused"),
  // too_large past max_body. Any status is an answer.
  virtual ClientResponse send(const ClientRequest& request,
                              std::stop_token stop = {}) = 0;
};
std::unique_ptr<Client> make_client(std::string user_agent);

}  // namespace skerry::http
