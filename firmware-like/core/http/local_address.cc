#include "core/http/local_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <string>

namespace skerry::http {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

// 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16 (RFC 6890).
bool is_local_4(const std::uint8_t* bytes) {
  return bytes[0] == 0 || bytes[0] == 127 ||
         (bytes[0] == 169 && bytes[1] == 254);
}

// ::, ::1, fe80::/10; IPv4-mapped and -compatible ones as IPv4 (RFC 4291), and
// those behind the NAT64 prefix 64:ff9b::/96 (RFC 6052).
bool is_local_6(const Bytes& bytes) {
  static constexpr std::uint8_t kMapped[12] = {0, 0, 0, 0, 0,    0,
                                               0, 0, 0, 0, 0xff, 0xff};
  static constexpr std::uint8_t kTranslated[12] = {0, 0x64, 0xff, 0x9b, 0, 0,
                                                   0, 0,    0,    0,    0, 0};
  static constexpr std::uint8_t kCompatible[12] = {};
  for (const auto* prefix : {kMapped, kTranslated, kCompatible}) {
    if (std::equal(prefix, prefix + 12, bytes.begin())) {
      return is_local_4(bytes.data() + 12);
    }
  }
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

}  // namespace

bool is_local_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    std::uint8_t bytes[4];
    std::memcpy(bytes, &four.sin_addr, sizeof bytes);
    return is_local_4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    Bytes bytes;
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return is_local_6(bytes);
  }
  return true;
}

bool is_local_host(std::string_view host) {
  std::string name(host.substr(0, host.find('%')));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  if (name.ends_with('.')) name.pop_back();
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  std::uint8_t four[4];
  if (inet_pton(AF_INET, name.c_str(), four) == 1) return is_local_4(four);
  Bytes six;
  return inet_pton(AF_INET6, name.c_str(), six.data()) == 1 && is_local_6(six);
}

}  // namespace skerry::http
