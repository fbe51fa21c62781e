// The answer to who pulls a blob that the store has: its bytes, or where to
// fetch them when they are kept elsewhere (storage.s3_delivery).
#pragma once

#include "parts.h"

namespace skerry::registry {

// The headers of every answer that is a blob.
void blob_headers(http::Response& response, const Digest& digest);

// The blob's size. Throws BLOB_UNKNOWN when the repository does not have it.
std::uint64_t send_stored_blob(Parts& parts, const Place& place,
                               const Digest& digest,
                               const http::Request& request,
                               http::Response& response);

}  // namespace skerry::registry
