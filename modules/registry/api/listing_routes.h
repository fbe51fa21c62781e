// What lists: tags, repositories (Docker's catalog), referrers (distribution
// specification 1.1, end-8, end-12).
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

void get_tags(Parts& parts, http::Request& request, http::Response& response);
void get_catalog(Parts& parts, http::Request& request,
                 http::Response& response);
void get_referrers(Parts& parts, http::Request& request,
                   http::Response& response);

}  // namespace skerry::registry
