// Building an image from a Dockerfile, reproducibly: the same Dockerfile,
// context, arguments and base images give the same digest.
//
// Sources come from a Tree; layers go straight into an ImageStore. Nothing is
// executed. Stages that the target does not need are not built.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "ci/image_store.h"
#include "core/store/digest.h"
#include "core/tree/tree.h"

namespace skerry::ci {

enum class LayerCompression { gzip, zstd };

struct BuildLimits {
  std::size_t max_dockerfile_bytes = 1u << 20;
  std::size_t max_entries = 500'000;               // of one stage
  std::uint64_t max_unpacked_bytes = 16ull << 30;  // of one stage
  std::uint64_t max_file_bytes = 256ull
                                 << 20;  // of one context file, read whole
};

struct BuildRequest {
  // The context; COPY and ADD see nothing outside of it.
  const Tree* context = nullptr;
  std::string dockerfile = "Dockerfile";  // its path in the context
  // Instead of that path's content, when set.
  std::optional<std::string> dockerfile_text;
  std::string repository;         // "<project>/<name>": where the image goes
  std::vector<std::string> tags;  // may be empty: reachable by digest only
  std::map<std::string, std::string> build_args;
  std::map<std::string, std::string> labels;  // added to those of LABEL
  std::string target;                         // a stage's name; empty: the last
  // Seconds since 1970 for every file and the image (SOURCE_DATE_EPOCH).
  std::int64_t epoch = 0;
  LayerCompression compression = LayerCompression::gzip;
  std::string architecture = "amd64";  // of the image and of FROM's images
  // Image names in FROM: a prefix that means this registry and is dropped
  // ("skerry.local:8080/demo/base:1" -> "demo/base:1").
  std::vector<std::string> registry_hosts;
  std::filesystem::path work_folder;  // scratch space; emptied again
  std::function<void(std::string_view line)> log;  // progress for a person
  std::stop_token stop;
  BuildLimits limits;
};

struct BuildResult {
  Digest digest;           // of the manifest
  std::uint64_t size = 0;  // config and layers, compressed
  std::vector<Digest> layers;
  std::vector<std::string> tags;
};

// Throws invalid ("Dockerfile:7: RUN is not supported yet"), not_found for a
// base image or stage that is not there, too_large past a limit, and what the
// store throws. Thread-safe on different work folders.
BuildResult build_image(const BuildRequest& request, ImageStore& store);

// What is wrong with a Dockerfile, without a context; "" when nothing is.
std::string check_dockerfile(std::string_view text, std::string_view name);

}  // namespace skerry::ci
