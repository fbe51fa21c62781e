// Messages that are signed and stay readable (RFC 9580 section 7).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace skerry::chart {

struct ClearText {
  std::string text;       // as it is read, lines ending in "\n"
  std::string canonical;  // as it is signed, lines parted by CR LF
  std::string signature;  // packets
};

// The first such message; nothing when there is none that is whole.
std::optional<ClearText> read_clear_text(std::string_view message);

// `sign` gets the canonical form and gives the packets.
std::string write_clear_text(
    std::string_view text, std::string_view hash_name,
    const std::function<std::string(const std::string& canonical)>& sign);

}  // namespace skerry::chart
