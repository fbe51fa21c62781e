// What an image's name in a cluster's manifest means here. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skerry::registry {

struct UsedImage {
  std::string project;
  std::string repository;
  std::string tag;     // "latest" when neither is given; may be empty
  std::string digest;  // may be empty
};

// Of "[host[:port]/]<project>/<repository>[:tag][@digest]", whatever the host:
// this server may be known by many. Nothing for what cannot be an image here.
std::optional<UsedImage> parse_image_use(std::string_view reference);

// An image's name in full, without tag and digest; what has no registry in it
// is of docker.io, as clients take it.
struct FullImageName {
  std::string host;  // "docker.io"
  std::string path;  // "library/nginx"
};
FullImageName full_image_name(std::string_view reference);

}  // namespace skerry::registry
