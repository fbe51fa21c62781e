// Names, references, scopes and ranges of any bytes.
#include <cstdint>
#include <string_view>

#include "blobs/upload_range.h"
#include "names.h"
#include "scopes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry::registry;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto name = split_name(text)) {
    // What was split is what was given, and each part is a name again.
    if (name->project + "/" + name->repository != text ||
        !is_repository_name(name->project) ||
        !is_repository_name(name->repository)) {
      __builtin_trap();
    }
  }
  if (const auto reference = parse_reference(text)) {
    const auto* digest = std::get_if<skerry::Digest>(&*reference);
    if (digest != nullptr && digest->to_string() != text) __builtin_trap();
  }
  for (const auto& scope : parse_scopes(text)) {
    if (scope.type.find(':') != std::string::npos) __builtin_trap();
  }
  if (const auto range = parse_chunk_range(text)) {
    if (range->size() == 0) __builtin_trap();
  }
  return 0;
}
