// Sends a finished file to its key: at once, or in parts, some at a time.
#pragma once

#include <cstdint>
#include <string>

#include "core/s3/client.h"
#include "core/s3/index.h"

namespace skerry::s3 {

// How large the parts are.
struct PartSizes {
  std::uint64_t at_once = 32u << 20;  // up to here there are none
  std::uint64_t part = 32u << 20;
  int parallel = 4;
};

// Returns once the store has confirmed all of it; each request carries the
// SHA-256 of what it sends, which the store checks. An upload in parts is
// written down before its first part, so that what a crash leaves of it can be
// taken away; a failure takes it away at once. `sha256` is the whole file's in
// hex when it is known, empty otherwise. Thread-safe.
void upload_file(Client& client, Index& index, const PartSizes& sizes,
                 const std::string& key, int file, std::uint64_t size,
                 const std::string& sha256);

// Takes away the uploads in parts that an earlier life has left.
void abort_uploads(Client& client, Index& index);

}  // namespace skerry::s3
