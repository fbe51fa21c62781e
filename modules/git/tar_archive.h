// A commit's files as a gzip'd tar archive, the same bytes each time.
#pragma once

#include <string_view>

#include "context.h"
#include "core/http/message.h"

namespace skerry::git {

void send_archive(Context& context, const Repository& repository,
                  const Oid& commit, std::string_view revision,
                  http::Response& response);

}  // namespace skerry::git
