// Manifests of any bytes: parsed or refused by a ProtocolError, nothing else.
// The first byte chooses what the client said it is.
#include <array>
#include <cstdint>
#include <string_view>

#include "core/http/route.h"
#include "manifests/manifest.h"
#include "manifests/media_types.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace skerry::registry;
  constexpr std::array<std::string_view, 6> kTypes = {
      "", kOciManifest, kOciIndex, kOciArtifact, kDockerManifest, kDockerList};
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  try {
    const auto manifest = parse_manifest(bytes, kTypes[data[0] % kTypes.size()]);
    if (!is_manifest_type(manifest.media_type)) __builtin_trap();
    for (const auto& blob : manifest.blobs) {
      if (blob.size < 0 || is_foreign_type(blob.media_type)) {
        // The configuration is needed whatever its type says.
        if (&blob != &manifest.blobs.front()) __builtin_trap();
      }
    }
  } catch (const skerry::http::ProtocolError&) {
  }
  return 0;
}
