#include "pkt_line.h"

#include <cstring>

#include "core/error.h"

namespace skerry::git {

PktReader::PktReader(ByteSource source, std::uint64_t limit)
    : source_(std::move(source)), left_(limit), buffer_(kMaxPkt) {}

// Makes `need` bytes available; false when the input ends before.
bool PktReader::fill(std::size_t need) {
  if (end_ - begin_ >= need) return true;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  while (end_ < need) {
    std::size_t got = source_(buffer_.data() + end_, buffer_.size() - end_);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

static int parse_length(const char* at) {
  int length = 0;
  for (int i = 0; i < 4; ++i) {
    char c = at[i];
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0) return -1;
    length = length << 4 | digit;
  }
  return length;
}

Pkt PktReader::next() {
  if (!fill(4)) {
    if (begin_ == end_) return {PktKind::end_of_input, {}};
    fail(ErrorCode::invalid, "the request ends inside a packet length");
  }
  int length = parse_length(buffer_.data() + begin_);
  if (length < 0 || length == 3 || length > static_cast<int>(kMaxPkt)) {
    fail(ErrorCode::invalid, "bad packet length in the request");
  }
  auto size = static_cast<std::size_t>(length < 4 ? 4 : length);
  if (size > left_) {
    fail(ErrorCode::too_large, "the request has too many lines");
  }
  left_ -= size;
  if (length < 4) {
    begin_ += 4;
    static constexpr PktKind kSpecial[] = {PktKind::flush, PktKind::delimiter,
                                           PktKind::response_end};
    return {kSpecial[length], {}};
  }
  if (!fill(size)) {
    fail(ErrorCode::invalid, "the request ends inside a packet");
  }
  std::string_view text(buffer_.data() + begin_ + 4, size - 4);
  begin_ += size;
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  return {PktKind::data, text};
}

std::size_t PktReader::read_raw(char* buffer, std::size_t size) {
  if (begin_ == end_) return source_(buffer, size);
  std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(buffer, buffer_.data() + begin_, count);
  begin_ += count;
  return count;
}

void append_pkt(std::string& out, std::string_view payload) {
  if (payload.size() + 4 > kMaxPkt) {
    fail(ErrorCode::internal, "a packet of {} bytes is too long",
         payload.size());
  }
  out += fmt::format("{:04x}", payload.size() + 4);
  out += payload;
}

bool take_prefix(std::string_view text, std::string_view prefix,
                 std::string_view* rest) {
  if (!text.starts_with(prefix)) return false;
  *rest = text.substr(prefix.size());
  return true;
}

}  // namespace skerry::git
