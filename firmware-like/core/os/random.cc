#include "core/os/random.h"

#include <sys/random.h>

#include <cerrno>

#include "core/error.h"

namespace skerry {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_errno("getrandom");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_name(std::size_t count) {
  static constexpr std::string_view kAlphabet =
      "abcdefghijklmnopqrstuvwxyz0123456789";
  // The largest multiple of 36 in a byte: bytes from it on would favour the
  // first letters, so they are thrown away.
  static constexpr unsigned kBound = 252;
  std::string name;
  while (name.size() < count) {
    for (const char c : random_bytes(count)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < kBound && name.size() < count) name += kAlphabet[byte % 36];
    }
  }
  return name;
}

}  // namespace skerry
