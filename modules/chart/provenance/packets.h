// OpenPGP packets (RFC 9580 section 4): bytes taken apart, never trusted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::chart {

// Reads from the front; throws invalid when there is too little.
class Octets {
 public:
  explicit Octets(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  std::string_view take(std::size_t count);
  std::uint32_t number(std::size_t octets);  // big-endian, at most 4
  // A multiprecision integer (section 3.2), without leading zeros.
  std::string_view integer();

 private:
  std::string_view rest_;
};

enum class Tag : std::uint8_t {
  signature = 2,
  secret_key = 5,
  public_key = 6,
  secret_subkey = 7,
  marker = 10,
  trust = 12,
  user_id = 13,
  public_subkey = 14,
  user_attribute = 17,
};

struct Packet {
  Tag tag;  // may be one that has no name here
  std::string_view body;
};

// The packets of a stream, which must outlive them. Throws invalid for damaged
// headers and for bodies in parts, which keys and signatures never have.
std::vector<Packet> read_packets(std::string_view bytes);

// With a header in the new format.
std::string make_packet(Tag tag, std::string_view body);
// As a multiprecision integer.
std::string make_integer(std::string_view bytes);
std::string make_number(std::uint64_t value, std::size_t octets);

[[noreturn]] void fail_openpgp(const std::string& what);

}  // namespace skerry::chart
