// The pushing side of the smart HTTP protocol.
#pragma once

#include "context.h"
#include "core/http/message.h"

namespace skerry::git {

// Answers POST git-receive-pack.
void serve_receive_pack(Context& context, const Repository& repository,
                        http::Request& request, http::Response& response);

// The patterns of refs that refuse force and deletion.
std::vector<std::string> protection_of(const Repository& repository,
                                       const RefList& refs);

}  // namespace skerry::git
