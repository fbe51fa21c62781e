// A request body as Git clients send it: plain or gzip (RFC 1952), of declared
// length or chunked.
#pragma once

#include "core/http/message.h"
#include "pkt_line.h"

namespace skerry::git {

// The body's bytes, inflated when Content-Encoding says gzip. The source
// throws invalid for broken gzip. It refers to `request`. Throws a 415 for an
// encoding that is neither.
ByteSource open_body(http::Request& request);

}  // namespace skerry::git
