#include "provenance/packets.h"

#include <algorithm>
#include <bit>

#include "core/error.h"

namespace skerry::chart {

namespace {

constexpr std::size_t kMostPackets = 100'000;

std::size_t new_length(Octets& octets) {
  std::uint32_t first = octets.number(1);
  if (first < 192) return first;
  if (first < 224) return ((first - 192) << 8) + octets.number(1) + 192;
  if (first == 255) return octets.number(4);
  fail_openpgp("a packet in parts");
}

std::size_t old_length(Octets& octets, unsigned kind) {
  if (kind == 3) return octets.rest().size();
  return octets.number(std::size_t{1} << kind);
}

}  // namespace

void fail_openpgp(const std::string& what) {
  fail(ErrorCode::invalid, "openpgp: invalid data: {}", what);
}

std::string_view Octets::take(std::size_t count) {
  if (count > rest_.size()) fail_openpgp("it ends too early");
  auto taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint32_t Octets::number(std::size_t octets) {
  std::uint32_t value = 0;
  for (char c : take(octets)) {
    value = value << 8 | static_cast<unsigned char>(c);
  }
  return value;
}

std::string_view Octets::integer() {
  auto bytes = take((number(2) + 7) / 8);
  while (bytes.starts_with('\0')) bytes.remove_prefix(1);
  return bytes;
}

std::vector<Packet> read_packets(std::string_view bytes) {
  std::vector<Packet> packets;
  Octets octets(bytes);
  while (!octets.empty()) {
    if (packets.size() >= kMostPackets) {
      fail(ErrorCode::too_large, "openpgp: more than {} packets", kMostPackets);
    }
    std::uint32_t head = octets.number(1);
    if ((head & 0x80) == 0) fail_openpgp("tag byte does not have MSB set");
    bool is_new = (head & 0x40) != 0;
    auto tag = static_cast<Tag>(is_new ? head & 0x3F : head >> 2 & 0x0F);
    std::size_t length =
        is_new ? new_length(octets) : old_length(octets, head & 3);
    packets.push_back({tag, octets.take(length)});
  }
  return packets;
}

std::string make_number(std::uint64_t value, std::size_t octets) {
  std::string out(octets, '\0');
  for (std::size_t i = octets; i-- > 0; value >>= 8) {
    out[i] = static_cast<char>(value & 0xFF);
  }
  return out;
}

std::string make_packet(Tag tag, std::string_view body) {
  std::string out(1, static_cast<char>(0xC0 | static_cast<unsigned>(tag)));
  if (body.size() < 192) {
    out += static_cast<char>(body.size());
  } else {
    out += '\xFF';
    out += make_number(body.size(), 4);
  }
  return out + std::string(body);
}

std::string make_integer(std::string_view bytes) {
  while (bytes.starts_with('\0')) bytes.remove_prefix(1);
  std::size_t bits = bytes.size() * 8;
  if (!bytes.empty()) {
    bits -= static_cast<std::size_t>(
        std::countl_zero(static_cast<unsigned char>(bytes[0])));
  }
  return make_number(bits, 2) + std::string(bytes);
}

}  // namespace skerry::chart
