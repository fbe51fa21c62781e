// The way a pack travels to the client: multiplexed with progress and errors
// (gitprotocol-common(5), side-band) or, for very old clients, bare.
//
//   pkt = length band data    band: 1 pack, 2 progress, 3 fatal error
//
// Buffers a few packets, so that bytes are written in large pieces. Not
// thread-safe.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "pkt_line.h"

namespace skerry::git {

class SideBand {
 public:
  using Writer = std::function<void(std::string_view)>;

  // `max_packet` 0: bare bytes, no progress and no errors.
  SideBand(Writer writer, std::size_t max_packet);

  // Where the next bytes of the pack may be put (never empty), and that they
  // were.
  std::span<char> room();
  void commit(std::size_t bytes);
  void write(std::string_view bytes);

  void progress(std::string_view text);
  void error(std::string_view text);
  // Writes out what is buffered; ends the bands with a flush packet.
  void finish();
  std::uint64_t sent() const { return sent_; }

 private:
  void close_packet();
  void drain();
  void message(char band, std::string_view text);

  Writer writer_;
  const std::size_t max_packet_;
  const std::size_t prefix_;  // bytes before the data of each packet
  std::vector<char> buffer_;
  std::size_t packet_ = 0;  // where the open packet begins
  std::size_t end_;         // where its data ends
  std::uint64_t sent_ = 0;  // bytes of the pack
};

}  // namespace skerry::git
