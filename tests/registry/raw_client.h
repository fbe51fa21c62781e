// An HTTP client that can misbehave: it sends exactly what it is told and may
// break off anywhere.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/os/fd.h"

namespace skerry::registry {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string header(const std::string& name) const {
    const auto it = headers.find(name);
    return it == headers.end() ? std::string() : it->second;
  }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// "Basic ..." for a user of FakeAccounts.
std::string basic(std::string_view user, std::string_view password = "secret");

class RawClient {
 public:
  RawClient(int port, std::string authorization)
      : port_(port), authorization_(std::move(authorization)) {}

  // One request on a connection of its own.
  Reply send(std::string_view method, std::string_view target,
             std::string_view body = {}, const Headers& headers = {}) const;
  // As chunked transfer coding, in pieces.
  Reply send_chunked(std::string_view method, std::string_view target,
                     const std::vector<std::string>& pieces,
                     const Headers& headers = {}) const;
  // Promises `length` bytes, sends only `body`, and hangs up.
  void send_and_hang_up(std::string_view method, std::string_view target,
                        std::string_view body, std::size_t length) const;
  // The same, but leaves the connection open and silent.
  Fd send_and_stall(std::string_view method, std::string_view target,
                    std::string_view body, std::size_t length) const;

 private:
  Fd open() const;
  std::string head(std::string_view method, std::string_view target,
                   const Headers& headers) const;
  int port_;
  std::string authorization_;
};

}  // namespace skerry::registry
