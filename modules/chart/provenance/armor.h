// ASCII armor (RFC 9580 section 6): base64 between lines of dashes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry::chart {

struct Armored {
  std::string type;  // "PGP SIGNATURE"
  std::string bytes;
};

// The first armored block; nothing when there is none that can be read. The
// checksum, which newer programs leave out, is not looked at.
std::optional<Armored> read_armor(std::string_view text);
std::string write_armor(std::string_view type, std::string_view bytes);

}  // namespace skerry::chart
