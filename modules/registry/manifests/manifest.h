// What the registry must know of a manifest: what it refers to and what it
// says of itself. Its bytes are stored as they came; this is read from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"

namespace skerry::registry {

// A reference by content (image specification, "descriptor.md").
struct Descriptor {
  std::string media_type;
  Digest digest;
  std::int64_t size = 0;
};

struct Manifest {
  std::string media_type;
  std::vector<Descriptor> blobs;      // config and layers that must be here
  std::vector<Descriptor> manifests;  // an index's children
  std::optional<Digest> subject;
  // How it is listed among its subject's referrers: artifactType, for images
  // without one the configuration's media type, otherwise empty.
  std::string artifact_type;
  std::string annotations;  // a JSON object, or empty
};

// At most this many references in one manifest.
inline constexpr std::size_t kMaxReferences = 20'000;

// `content_type` is what the client declared, parameters allowed; empty or
// "application/json": the body's mediaType, or else its shape, decides.
// Throws ProtocolError MANIFEST_INVALID (DIGEST_INVALID for a malformed
// digest) with a sentence that names the member.
Manifest parse_manifest(std::string_view bytes, std::string_view content_type);

}  // namespace skerry::registry
