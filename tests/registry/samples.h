// Manifests for tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/store/digest.h"

namespace skerry::registry {

inline constexpr std::string_view kConfig = R"({"architecture":"amd64"})";

// {"mediaType":...,"digest":...,"size":...}
std::string descriptor_text(std::string_view media_type, const Digest& digest,
                            std::size_t size);
// An OCI image of kConfig and these layers.
std::string image_manifest(const std::vector<std::string>& layers);
// An OCI index of manifests with these digests.
std::string index_of(const std::vector<Digest>& children);
// An OCI artifact with a subject, an empty configuration and an annotation.
std::string artifact(std::string_view type, const Digest& subject,
                     const std::vector<std::string>& layers);

}  // namespace skerry::registry
