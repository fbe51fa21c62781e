// The fetching side of the smart HTTP protocol.
#pragma once

#include "context.h"
#include "core/http/message.h"

namespace skerry::git {

// Answers POST git-upload-pack in protocol version 0, 1 or 2.
void serve_upload_pack(Context& context, const Repository& repository,
                       int version, http::Request& request,
                       http::Response& response);

}  // namespace skerry::git
