// Where the server listens, as it is written on the command line.
#pragma once

#include <string>
#include <string_view>

namespace skerry::http {

struct ListenAddress {
  bool tls = false;
  std::string host;  // an IPv6 address without its brackets
  int port = 0;

  // "https://[::1]:8443"
  std::string url() const;
  // Where a client on this machine reaches it: the loopback address instead
  // of "every address".
  std::string local_host() const;
};

// "http://127.0.0.1:8080", "https://[::]:8443", "http://localhost:0". Throws
// invalid with what is wrong.
ListenAddress parse_listen(std::string_view text);

}  // namespace skerry::http
