// COPY and ADD: from sources into a layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "image/layer.h"

namespace skerry::ci {

struct CopyRequest {
  std::vector<std::string> sources;  // as written, variables replaced
  std::string target;                // absolute; "/" at its end: a folder
  std::optional<Owner> owner;        // --chown; otherwise the source's
  std::optional<unsigned> mode;      // --chmod; otherwise the source's
  // ADD: tar archives are unpacked into the target, their bytes kept here.
  std::shared_ptr<Spool> unpack_to;
  std::uint64_t max_unpacked_bytes = 0;
  std::uint64_t max_file_bytes = 0;
  // For messages: "the build context", "stage 'build'".
  std::string from_name;
  // Sources that lead out of `from` are faults rather than its root.
  bool refuse_outside = false;
};

void copy_files(const SourceFiles& from, const CopyRequest& request,
                LayerBuilder& layer);

}  // namespace skerry::ci
