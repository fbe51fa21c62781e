// Where a resource came from and what changed it, as `buildMetadata` has it
// written into annotations. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kustomize/resource.h"

namespace skerry::chart::kustomize {

inline constexpr std::string_view kOriginAnnotation =
    "config.kubernetes.io/origin";
inline constexpr std::string_view kTransformationsAnnotation =
    "alpha.config.kubernetes.io/transformations";

struct Origin {
  std::string path, repo, ref;
  std::string configured_in;
  // Of the generator or transformer.
  std::string api_version, kind, name, name_space;

  // The origin of what is found at `path` from here: a file, a folder or a
  // repository.
  Origin at(const std::string& path) const;
  // As YAML, "path: service.yaml\n".
  std::string text() const;
};

// What the plugin in `resource` puts into the annotations, once its own origin
// is known.
std::optional<Origin> origin_of_plugin(const Resource& resource);

// For what a generator made, unless it has one.
void add_origin(ResourceMap& resources, const Origin& origin);
// For what a transformer went over.
void add_transformation(ResourceMap& resources, const Origin& origin);

}  // namespace skerry::chart::kustomize
