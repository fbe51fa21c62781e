// Any bytes as packets; what was read is written again as it stood.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "pkt_line.h"

using namespace skerry::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  std::size_t at = 0;
  PktReader reader([&](char* buffer, std::size_t room) {
    // Small pieces: packets must be joined across reads.
    std::size_t count = std::min<std::size_t>({room, input.size() - at, 7});
    std::memcpy(buffer, input.data() + at, count);
    at += count;
    return count;
  });
  std::size_t read = 0;
  try {
    for (Pkt pkt = reader.next(); pkt.kind != PktKind::end_of_input;
         pkt = reader.next()) {
      if (pkt.kind != PktKind::data) {
        read += 4;
        continue;
      }
      std::string again;
      append_pkt(again, pkt.text);
      std::string_view body = input.substr(read + 4, pkt.text.size());
      if (body != pkt.text) std::abort();
      read += again.size();
      if (read < size && input[read] == '\n' &&
          std::strtoul(
              std::string(input.substr(read - again.size(), 4)).c_str(),
              nullptr, 16) == again.size() + 1) {
        ++read;  // the newline that next() takes away
      }
    }
    if (read != size) std::abort();
  } catch (const skerry::Error&) {
  }
  return 0;
}
