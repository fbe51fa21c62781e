// Configurations of any bytes: a platform of plain words, or none.
#include <cstdint>
#include <string_view>

#include "manifests/platform.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry::registry;
  const auto platform = platform_of(
      std::string_view(reinterpret_cast<const char*>(data), size));
  if (split_platforms(platform).size() > 1 || platform.size() > 100) {
    __builtin_trap();
  }
  return 0;
}
