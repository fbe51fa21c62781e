// Addresses that a server must not be talked into asking: its own, and those of
// its link. Thread-safe.
#pragma once

#include <string_view>

struct sockaddr;

namespace skerry::http {

// Unspecified, loopback and link-local, IPv4 also within IPv6; every address
// that is neither IPv4 nor IPv6. Private networks are not local.
bool is_local_address(const sockaddr& address);
// "localhost", or such an address as it stands in a URL, without brackets.
bool is_local_host(std::string_view host);

}  // namespace skerry::http
