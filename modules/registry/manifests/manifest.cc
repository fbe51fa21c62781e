#include "manifests/manifest.h"

#include <fmt/format.h>

#include "core/text/json.h"
#include "errors.h"
#include "manifests/media_types.h"

namespace skerry::registry {
namespace {

Json parse_object(std::string_view bytes) {
  Json document;
  try {
    document = parse_json(bytes);
  } catch (const Error& error) {
    fail_manifest_invalid("the manifest is not valid JSON: " + error.message());
  }
  if (!document.is_object()) {
    fail_manifest_invalid("the manifest is not a JSON object");
  }
  return document;
}

// A member that must be a string when it is there; null counts as absent.
std::string text_member(const Json& object, const char* key,
                        const std::string& where) {
  const auto it = object.find(key);
  if (it == object.end() || it->is_null()) return {};
  if (!it->is_string()) {
    fail_manifest_invalid(fmt::format("{}{} is not a string", where, key));
  }
  return it->get<std::string>();
}

const Json* array_member(const Json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end() || it->is_null()) return nullptr;
  if (!it->is_array()) {
    fail_manifest_invalid(fmt::format("{} is not an array", key));
  }
  if (it->size() > kMaxReferences) {
    fail_manifest_invalid(fmt::format("{} has {} entries; at most {} are taken",
                                      key, it->size(), kMaxReferences));
  }
  return &*it;
}

Descriptor descriptor(const Json& value, const std::string& where) {
  if (!value.is_object()) {
    fail_manifest_invalid(where + " is not a descriptor object");
  }
  const auto size = value.find("size");
  if (size == value.end() || !size->is_number_integer() ||
      (!size->is_number_unsigned() && size->get<std::int64_t>() < 0) ||
      size->get<std::uint64_t>() > INT64_MAX) {
    fail_manifest_invalid(where + ".size is not a size in bytes");
  }
  const auto digest = text_member(value, "digest", where + ".");
  if (digest.empty()) fail_manifest_invalid(where + ".digest is missing");
  return {text_member(value, "mediaType", where + "."), require_digest(digest),
          size->get<std::int64_t>()};
}

std::vector<Descriptor> descriptors(const Json& array, const char* name) {
  std::vector<Descriptor> found;
  found.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    found.push_back(descriptor(array[i], fmt::format("{}[{}]", name, i)));
  }
  return found;
}

std::string annotations_of(const Json& document) {
  const auto it = document.find("annotations");
  if (it == document.end() || it->is_null()) return {};
  if (!it->is_object()) fail_manifest_invalid("annotations is not an object");
  for (const auto& [key, value] : it->items()) {
    if (!value.is_string()) {
      fail_manifest_invalid(
          fmt::format("annotations: the value of '{}' is not a string", key));
    }
  }
  return it->empty() ? std::string() : it->dump();
}

std::string trim_parameters(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (!content_type.empty() && content_type.back() == ' ') {
    content_type.remove_suffix(1);
  }
  return std::string(content_type);
}

std::string type_from_shape(const Json& document) {
  if (document.contains("manifests")) return std::string(kOciIndex);
  if (document.contains("layers")) return std::string(kOciManifest);
  fail_manifest_invalid(
      "the manifest has neither a mediaType nor layers or manifests");
}

std::string media_type_of(const Json& document, std::string_view declared) {
  auto type = trim_parameters(declared);
  const auto own = text_member(document, "mediaType", "");
  if (type.empty() || type == "application/json") {
    type = own.empty() ? type_from_shape(document) : own;
  }
  if (!is_manifest_type(type)) {
    fail_manifest_invalid(fmt::format(
        "the media type '{}' is not supported: OCI image manifests and "
        "indexes, and Docker manifests and lists of schema 2, are",
        type));
  }
  if (!own.empty() && own != type) {
    fail_manifest_invalid(fmt::format(
        "the manifest says it is '{}' but was sent as '{}'", own, type));
  }
  return type;
}

// A document that two clients could read as two different things is refused
// (CVE-2021-41190).
void refuse_members(const Json& document, const std::string& type,
                    std::initializer_list<const char*> members) {
  for (const char* member : members) {
    if (document.contains(member)) {
      fail_manifest_invalid(
          fmt::format("a manifest of type '{}' may not have the member '{}'",
                      type, member));
    }
  }
}

void require_schema_two(const Json& document) {
  const auto it = document.find("schemaVersion");
  if (it == document.end() || !it->is_number_integer() || *it != 2) {
    fail_manifest_invalid("schemaVersion is not 2");
  }
}

void read_index(const Json& document, Manifest& manifest) {
  require_schema_two(document);
  refuse_members(document, manifest.media_type,
                 {"config", "layers", "fsLayers", "blobs"});
  const auto* children = array_member(document, "manifests");
  if (children == nullptr) fail_manifest_invalid("manifests is missing");
  manifest.manifests = descriptors(*children, "manifests");
}

void add_layers(std::vector<Descriptor> layers, Manifest& manifest) {
  for (auto& layer : layers) {
    if (is_foreign_type(layer.media_type)) continue;
    manifest.blobs.push_back(std::move(layer));
  }
}

void read_image(const Json& document, Manifest& manifest) {
  require_schema_two(document);
  refuse_members(document, manifest.media_type,
                 {"manifests", "fsLayers", "blobs"});
  const auto config = document.find("config");
  if (config == document.end()) fail_manifest_invalid("config is missing");
  manifest.blobs.push_back(descriptor(*config, "config"));
  if (manifest.artifact_type.empty()) {
    manifest.artifact_type = manifest.blobs.front().media_type;
  }
  const auto* layers = array_member(document, "layers");
  if (layers == nullptr) fail_manifest_invalid("layers is missing");
  add_layers(descriptors(*layers, "layers"), manifest);
}

void read_artifact(const Json& document, Manifest& manifest) {
  refuse_members(document, manifest.media_type,
                 {"manifests", "config", "layers", "fsLayers"});
  if (manifest.artifact_type.empty()) {
    fail_manifest_invalid("artifactType is missing");
  }
  if (const auto* blobs = array_member(document, "blobs")) {
    add_layers(descriptors(*blobs, "blobs"), manifest);
  }
}

}  // namespace

Manifest parse_manifest(std::string_view bytes, std::string_view content_type) {
  const auto document = parse_object(bytes);
  Manifest manifest;
  manifest.media_type = media_type_of(document, content_type);
  manifest.artifact_type = text_member(document, "artifactType", "");
  manifest.annotations = annotations_of(document);
  const auto subject = document.find("subject");
  if (subject != document.end() && !subject->is_null()) {
    manifest.subject = descriptor(*subject, "subject").digest;
  }
  if (is_index_type(manifest.media_type)) {
    read_index(document, manifest);
  } else if (is_image_type(manifest.media_type)) {
    read_image(document, manifest);
  } else {
    read_artifact(document, manifest);
  }
  return manifest;
}

}  // namespace skerry::registry
