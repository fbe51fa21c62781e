// pkt-line framing (gitprotocol-common(5)):
//
//   pkt    = length payload     length: 4 hexadecimal digits, itself included
//   "0000" = flush   "0001" = delimiter   "0002" = end of response
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skerry::git {

inline constexpr std::size_t kMaxPkt = 65520;  // bytes, length included

// Fills the buffer with up to `size` bytes; 0 at the end.
using ByteSource = std::function<std::size_t(char* buffer, std::size_t size)>;

enum class PktKind { data, flush, delimiter, response_end, end_of_input };

struct Pkt {
  PktKind kind = PktKind::end_of_input;
  // Without one trailing newline. Valid until the next call.
  std::string_view text;
  bool is(std::string_view expected) const {
    return kind == PktKind::data && text == expected;
  }
};

// Reads packets, then, on request, the raw bytes that follow them (a pack).
// Throws invalid for broken framing and for input that ends inside a packet,
// too_large past `limit` bytes of packets. Not thread-safe.
class PktReader {
 public:
  explicit PktReader(ByteSource source, std::uint64_t limit = UINT64_MAX);
  Pkt next();
  // The bytes after the last packet; 0 at the end.
  std::size_t read_raw(char* buffer, std::size_t size);

 private:
  bool fill(std::size_t need);

  ByteSource source_;
  std::uint64_t left_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
};

// Appends one packet; the payload must fit into one.
void append_pkt(std::string& out, std::string_view payload);
inline void append_flush(std::string& out) { out += "0000"; }
inline void append_delimiter(std::string& out) { out += "0001"; }

// "<name>" and its value, when `text` is "<name><separator><value>".
bool take_prefix(std::string_view text, std::string_view prefix,
                 std::string_view* rest);

}  // namespace skerry::git
