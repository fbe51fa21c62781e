#include "policy/artifact.h"

#include <string>

#include "core/text/json.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

constexpr std::size_t kLookedAt = 512;

std::string text_at(const Json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>()
                                               : std::string();
}

bool is_image_config(std::string_view type) {
  return type.starts_with("application/vnd.oci.image.config") ||
         type.starts_with("application/vnd.docker.container.image");
}

bool is_image_layer(std::string_view type) {
  return type.starts_with("application/vnd.oci.image.layer") ||
         type.starts_with("application/vnd.docker.image.rootfs");
}

bool is_document_layer(const Json& layer,
                       const std::function<bool(const Digest&)>& is_document) {
  const auto digest = Digest::parse(text_at(layer, "digest"));
  return digest && !is_image_layer(text_at(layer, "mediaType")) &&
         is_document(*digest);
}

// How many bytes the character takes that begins with this one; 0: none does.
std::size_t character_size(unsigned char byte) {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') ||
         byte == 0x7f;
}

}  // namespace

bool is_runnable(const StoredManifest& manifest,
                 const std::function<bool(const Digest&)>& is_document) {
  const Json document = parse_json(manifest.bytes);
  const bool refers = document.contains("subject");
  if (is_index_type(manifest.media_type)) return !refers;
  const auto config = document.find("config");
  if (config == document.end() ||
      !is_image_config(text_at(*config, "mediaType"))) {
    return false;
  }
  const auto layers = document.find("layers");
  if (layers == document.end() || !layers->is_array() || layers->empty()) {
    return true;
  }
  for (const Json& layer : *layers) {
    if (!is_document_layer(layer, is_document)) return true;
  }
  return false;
}

bool looks_like_text(std::string_view bytes) {
  bytes = bytes.substr(0, kLookedAt);
  for (std::size_t i = 0; i < bytes.size();) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const auto size = character_size(byte);
    if (size == 0 || is_control(byte)) return false;
    for (std::size_t k = 1; k < size && i + k < bytes.size(); ++k) {
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xc0) != 0x80) {
        return false;
      }
    }
    i += size;
  }
  return true;
}

}  // namespace skerry::registry
