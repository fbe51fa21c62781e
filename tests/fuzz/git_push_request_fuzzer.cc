// Any bytes as the beginning of a push.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <set>

#include "core/error.h"
#include "push_request.h"

using namespace skerry::git;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::size_t at = 0;
  PktReader reader([&](char* buffer, std::size_t room) {
    std::size_t count = std::min(room, size - at);
    std::memcpy(buffer, data + at, count);
    at += count;
    return count;
  });
  try {
    PushRequest request = parse_push(reader);
    std::set<std::string> refs;
    for (const RefCommand& command : request.commands) {
      if (!refs.insert(command.ref).second) std::abort();
    }
    request.brings_pack();
  } catch (const skerry::Error&) {
  }
  return 0;
}
