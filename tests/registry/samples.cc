#include "samples.h"

#include <fmt/format.h>

#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

std::string layer_list(const std::vector<std::string>& layers) {
  std::vector<std::string> texts;
  for (const auto& layer : layers) {
    texts.push_back(descriptor_text("application/vnd.oci.image.layer.v1.tar",
                                    digest_of(layer), layer.size()));
  }
  return fmt::format("[{}]", fmt::join(texts, ","));
}

}  // namespace

std::string descriptor_text(std::string_view media_type, const Digest& digest,
                            std::size_t size) {
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":{}}})",
                     media_type, digest.to_string(), size);
}

std::string image_manifest(const std::vector<std::string>& layers) {
  return fmt::format(
      R"({{"schemaVersion":2,"mediaType":"{}","config":{},"layers":{}}})",
      kOciManifest,
      descriptor_text("application/vnd.oci.image.config.v1+json",
                      digest_of(kConfig), kConfig.size()),
      layer_list(layers));
}

std::string index_of(const std::vector<Digest>& children) {
  std::vector<std::string> texts;
  for (const auto& child : children) {
    texts.push_back(descriptor_text(kOciManifest, child, 1));
  }
  return fmt::format(R"({{"schemaVersion":2,"mediaType":"{}","manifests":[{}]}})",
                     kOciIndex, fmt::join(texts, ","));
}

std::string artifact(std::string_view type, const Digest& subject,
                     const std::vector<std::string>& layers) {
  return fmt::format(
      R"({{"schemaVersion":2,"mediaType":"{}","artifactType":"{}",)"
      R"("config":{},"layers":{},"subject":{},)"
      R"("annotations":{{"made.by":"test"}}}})",
      kOciManifest, type,
      descriptor_text("application/vnd.oci.empty.v1+json", digest_of("{}"), 2),
      layer_list(layers), descriptor_text(kOciManifest, subject, 1));
}

}  // namespace skerry::registry
