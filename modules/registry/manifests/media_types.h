// Media types of manifests (OCI image specification 1.1, "media-types.md";
// Docker's "Image Manifest Version 2, Schema 2").
#pragma once

#include <string_view>

namespace skerry::registry {

inline constexpr std::string_view kOciManifest =
    "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kOciIndex =
    "application/vnd.oci.image.index.v1+json";
// Withdrawn before 1.1 was published, still written by tools of 2022.
inline constexpr std::string_view kOciArtifact =
    "application/vnd.oci.artifact.manifest.v1+json";
inline constexpr std::string_view kDockerManifest =
    "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view kDockerList =
    "application/vnd.docker.distribution.manifest.list.v2+json";

inline bool is_image_type(std::string_view type) {
  return type == kOciManifest || type == kDockerManifest;
}
inline bool is_index_type(std::string_view type) {
  return type == kOciIndex || type == kDockerList;
}
inline bool is_manifest_type(std::string_view type) {
  return is_image_type(type) || is_index_type(type) || type == kOciArtifact;
}
// Layers that a registry need not hold: "...rootfs.foreign.diff.tar.gzip",
// "...layer.nondistributable.v1.tar+zstd".
inline bool is_foreign_type(std::string_view type) {
  return type.find(".foreign.") != std::string_view::npos ||
         type.find(".nondistributable.") != std::string_view::npos;
}

}  // namespace skerry::registry
