// An image of the built-in registry that a stage starts from or copies from.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ci/image_store.h"
#include "core/text/json.h"
#include "image/build.h"
#include "image/file_index.h"

namespace skerry::ci {

struct ImageReference {
  std::string repository;  // "<project>/<name>"
  std::string reference;   // a tag or a digest
};

// "demo/base:1", "registry.host:8080/demo/base@sha256:..." Throws invalid for
// an image that cannot be in the built-in registry.
ImageReference parse_image_reference(std::string_view text,
                                     const std::vector<std::string>& hosts);

struct BaseImage {
  std::string repository;
  Digest digest;             // of its manifest
  Json config;               // the image configuration
  std::vector<Json> layers;  // descriptors
};

// Follows an index to the manifest for linux on `architecture`. Throws
// not_found.
BaseImage load_base_image(const ImageStore& store,
                          const ImageReference& reference,
                          std::string_view architecture);

// Lays the image's layers over each other into `files`. The bytes of files
// are kept in `keep` when it is given; otherwise only those of /etc/passwd
// and /etc/group are.
void index_base_image(const ImageStore& store, const BaseImage& image,
                      const BuildLimits& limits, const std::stop_token& stop,
                      const std::shared_ptr<Spool>& keep, FileIndex& files);

}  // namespace skerry::ci
