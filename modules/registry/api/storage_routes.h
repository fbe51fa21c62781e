// /api/v1/images: what all projects' images take, for server admins.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

// Each project's weight and quota, and how full the disk is.
void get_storage(Parts& parts, http::Request& request,
                 http::Response& response);

}  // namespace skerry::registry
