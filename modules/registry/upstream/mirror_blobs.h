// Blobs of a project that stands in front of an upstream registry: taken from
// there when somebody asks for them.
#pragma once

#include "core/http/message.h"
#include "parts.h"
#include "upstream/entry.h"

namespace skerry::registry {

// True when the repository has the blob, and the store has not lost it.
bool is_here(Parts& parts, const Place& place, const Digest& digest);

// Answers GET and HEAD for a blob that is not here, while it arrives.
void send_arriving_blob(Parts& parts, const Entry& entry, const Digest& digest,
                        const http::Request& request, http::Response& response);

// Waits until the blob is here; throws ProtocolError when it cannot be had.
void fetch_blob(Parts& parts, const Place& place,
                const Upstreams::Ref& upstream, const Digest& digest);

}  // namespace skerry::registry
