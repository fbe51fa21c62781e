#include "core/http/listen.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/text/number.h"

namespace skerry::http {
namespace {

int parse_port(std::string_view text, std::string_view listen) {
  const auto port = parse_number<std::uint16_t>(text);
  if (!port) {
    fail(ErrorCode::invalid, "'{}' has no port from 0 to 65535 at its end",
         listen);
  }
  return *port;
}

bool plain_host(std::string_view host) {
  return !host.empty() &&
         host.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
             std::string_view::npos;
}

bool bracketed_host(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         host.substr(1, host.size() - 2)
                 .find_first_not_of("0123456789abcdefABCDEF:.") ==
             std::string_view::npos;
}

std::string in_brackets(const std::string& host) {
  return host.find(':') == std::string::npos ? host
                                             : fmt::format("[{}]", host);
}

}  // namespace

std::string ListenAddress::url() const {
  return fmt::format("{}://{}:{}", tls ? "https" : "http", in_brackets(host),
                     port);
}

std::string ListenAddress::local_host() const {
  if (host == "0.0.0.0") return "127.0.0.1";
  if (host == "::") return "::1";
  return host;
}

ListenAddress parse_listen(std::string_view text) {
  ListenAddress address;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    address.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    fail(ErrorCode::invalid,
         "'{}' is no address to listen on: it starts with http:// or https://",
         text);
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) {
    fail(ErrorCode::invalid, "'{}' has no port from 0 to 65535 at its end",
         text);
  }
  const std::string_view host = rest.substr(0, colon);
  if (bracketed_host(host)) {
    address.host = host.substr(1, host.size() - 2);
  } else if (plain_host(host)) {
    address.host = host;
  } else {
    fail(ErrorCode::invalid,
         "'{}' names no host: give an IPv4 address, a name, or an IPv6 address "
         "in brackets",
         text);
  }
  address.port = parse_port(rest.substr(colon + 1), text);
  return address;
}

}  // namespace skerry::http
