#include "provenance/armor.h"

#include "core/text/encoding.h"
#include "gotemplate/funcs/common.h"
#include "provenance/packets.h"

namespace skerry::chart {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ",
                           kDashes = "-----";
constexpr std::size_t kLineLength = 64;

// Section 6.1.1. Older programs stumble where it is left out.
std::string checksum_of(std::string_view bytes) {
  std::uint32_t sum = 0xB704CE;
  for (char c : bytes) {
    sum ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16;
    for (int bit = 0; bit < 8; ++bit) {
      sum <<= 1;
      if ((sum & 0x1000000) != 0) sum ^= 0x1864CFB;
    }
  }
  return to_base64(make_number(sum, 3));
}

std::string_view take_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return trim_space(line);
}

}  // namespace

std::optional<Armored> read_armor(std::string_view text) {
  Armored armored;
  while (armored.type.empty()) {
    if (text.empty()) return std::nullopt;
    auto line = take_line(text);
    if (!line.starts_with(kBegin) || !line.ends_with(kDashes)) continue;
    line.remove_prefix(kBegin.size());
    armored.type = line.substr(0, line.size() - kDashes.size());
  }
  // "Comment: ..." and the like, up to an empty line.
  for (;;) {
    if (text.empty()) return std::nullopt;
    auto line = take_line(text);
    if (line.empty()) break;
    if (line.find(':') == line.npos) return std::nullopt;
  }
  std::string base64;
  for (;;) {
    if (text.empty()) return std::nullopt;
    auto line = take_line(text);
    if (line.starts_with(kEnd)) break;
    if (line.starts_with('=') && line.size() == 5) continue;
    base64 += line;
  }
  auto bytes = from_base64(base64);
  if (!bytes) return std::nullopt;
  armored.bytes = std::move(*bytes);
  return armored;
}

std::string write_armor(std::string_view type, std::string_view bytes) {
  std::string base64 = to_base64(bytes);
  std::string out =
      std::string(kBegin) + std::string(type) + std::string(kDashes) + "\n\n";
  for (std::size_t at = 0; at < base64.size(); at += kLineLength) {
    out += base64.substr(at, kLineLength) + "\n";
  }
  return out + "=" + checksum_of(bytes) + "\n" + std::string(kEnd) +
         std::string(type) + std::string(kDashes) + "\n";
}

}  // namespace skerry::chart
