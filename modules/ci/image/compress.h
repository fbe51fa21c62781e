// Compresses a file into a blob, always to the same bytes: gzip (level 6,
// no name, no time) or zstd (level 3).
#pragma once

#include "core/store/blob_store.h"
#include "image/build.h"

namespace skerry::ci {

// Reads `fd` from its start to its end.
void compress(const Fd& fd, LayerCompression compression, BlobWriter& out,
              const std::stop_token& stop);

}  // namespace skerry::ci
