// Names of container images: [host[:port]/]path[:tag][@digest]. Pure.
#pragma once

#include <string>
#include <string_view>

namespace skerry::chart::kustomize {

struct ImageReference {
  std::string name, tag, digest;
};

ImageReference split_image(std::string_view text);
std::string join_image(const ImageReference& image);

}  // namespace skerry::chart::kustomize
