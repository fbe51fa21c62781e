// From the text of a resource file to resources. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

// How deep and large a document may be.
inline constexpr YamlLimits kResourceLimits{1000, 5'000'000};

// Every object of the text, those in lists included. Throws invalid with
// Kustomize's sentences ("missing metadata.name in object ...").
std::vector<Resource> read_resources(std::string_view text);

// "accumulating resources" and the like know a broken YAML file by this.
bool is_malformed_yaml(const std::string& message);
// The message with the file's name where Kustomize puts it.
std::string with_file_name(const std::string& message, std::string_view path);

// Whether the object is for the file's own use only, by its annotation.
bool is_local_config(const Resource& resource);

// Go's %v of what Kustomize knows of an object: "{{v1 Pod} {{web } map[] ...".
std::string describe_metadata(const YamlNode& node);

}  // namespace skerry::chart::kustomize
