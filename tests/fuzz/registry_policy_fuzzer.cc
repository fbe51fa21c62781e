// Policies of any bytes: refused by an Error, or read and written again as the
// same thing.
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "policy/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto policy = registry::parse_policy(parse_json(text));
    const auto document = registry::to_json(policy);
    if (registry::to_json(registry::parse_policy(document)) != document) {
      __builtin_trap();
    }
    policy.immutable_by("a/b", "v1.0");
  } catch (const Error&) {
  }
  return 0;
}
