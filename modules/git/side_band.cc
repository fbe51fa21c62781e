#include "side_band.h"

#include <algorithm>
#include <cstring>

namespace skerry::git {
namespace {

constexpr std::size_t kBareBuffer = 65520;
constexpr std::size_t kPackets = 4;

void put_length(char* at, std::size_t length) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (int i = 3; i >= 0; --i, length >>= 4) at[i] = kDigits[length & 15];
}

}  // namespace

SideBand::SideBand(Writer writer, std::size_t max_packet)
    : writer_(std::move(writer)),
      max_packet_(max_packet == 0 ? kBareBuffer : max_packet),
      prefix_(max_packet == 0 ? 0 : 5),
      buffer_(max_packet_ * kPackets),
      end_(prefix_) {}

std::span<char> SideBand::room() {
  if (end_ == packet_ + max_packet_) close_packet();
  return {buffer_.data() + end_, packet_ + max_packet_ - end_};
}

void SideBand::commit(std::size_t bytes) {
  end_ += bytes;
  sent_ += bytes;
}

void SideBand::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::span<char> space = room();
    std::size_t count = std::min(space.size(), bytes.size());
    std::memcpy(space.data(), bytes.data(), count);
    commit(count);
    bytes.remove_prefix(count);
  }
}

// Seals the open packet and begins the next one behind it.
void SideBand::close_packet() {
  if (end_ > packet_ + prefix_) {
    if (prefix_ > 0) {
      put_length(buffer_.data() + packet_, end_ - packet_);
      buffer_[packet_ + 4] = 1;
    }
    packet_ = end_;
  }
  if (packet_ + max_packet_ > buffer_.size()) drain();
  end_ = packet_ + prefix_;
}

void SideBand::drain() {
  if (packet_ > 0) writer_({buffer_.data(), packet_});
  packet_ = 0;
  end_ = prefix_;
}

void SideBand::message(char band, std::string_view text) {
  if (prefix_ == 0) return;
  close_packet();
  drain();
  while (!text.empty()) {
    std::string_view piece = text.substr(0, max_packet_ - prefix_);
    std::string packet;
    append_pkt(packet, std::string(1, band).append(piece));
    writer_(packet);
    text.remove_prefix(piece.size());
  }
}

void SideBand::progress(std::string_view text) { message(2, text); }

void SideBand::error(std::string_view text) { message(3, text); }

void SideBand::finish() {
  close_packet();
  drain();
  if (prefix_ > 0) writer_("0000");
}

}  // namespace skerry::git
