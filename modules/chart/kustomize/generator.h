// ConfigMaps and Secrets made from literals, files and environment files, and
// the hash of their content that ends their names. Pure.
#pragma once

#include <optional>
#include <string>

#include "kustomize/kustomization.h"
#include "kustomize/loader.h"
#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

// The generator's own options with the kustomization's where they say nothing.
std::optional<GeneratorOptions> merge_options(
    const std::optional<GeneratorOptions>& own,
    const std::optional<GeneratorOptions>& global);

// Throws with Kustomize's sentences.
Resource make_generated(const GeneratorArgs& args, bool is_secret,
                        const Loader& loader);

// What ends the name of a resource with this content: "8mbdf7882g". Throws
// invalid for content that JSON cannot hold.
std::string content_hash(const YamlNode& node);

// As Kustomize writes bytes into a Secret's data: base64 in lines of 70
// characters when there is more than one.
std::string to_base64_lines(std::string_view bytes);

// The annotations and labels a behavior takes over; the data of `old` under
// that of `fresh` when it merges.
void take_over(Resource& fresh, const Resource& old, bool merges_data);

}  // namespace skerry::chart::kustomize
