// Any bytes as a fetch: version 0 with its negotiation, and version 2.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "upload_request.h"

using namespace skerry::git;

namespace {

PktReader reader_of(const std::uint8_t* data, std::size_t size) {
  return PktReader([data, size, at = std::size_t{0}](char* buffer,
                                                     std::size_t room) mutable {
    std::size_t count = std::min(room, size - at);
    std::memcpy(buffer, data + at, count);
    at += count;
    return count;
  });
}

void check(const FetchRequest& request) {
  if (request.depth < 0) std::abort();
  if (request.depth > 0 && request.deepen_since) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  try {
    PktReader reader = reader_of(data, size);
    check(parse_fetch_v0(reader));
    while (next_step_v0(reader).kind != NegotiationStep::Kind::end_of_input) {
    }
  } catch (const skerry::Error&) {
  }
  try {
    PktReader reader = reader_of(data, size);
    check(parse_command_v2(reader).fetch);
  } catch (const skerry::Error&) {
  }
  return 0;
}
