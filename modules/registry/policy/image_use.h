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

}  // namespace skerry::registry
