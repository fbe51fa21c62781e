// /v2/<name>/manifests/...: manifests by tag and by digest (distribution
// specification 1.1, end-3, end-7, end-7b, end-9).
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

void get_manifest(Parts& parts, http::Request& request,
                  http::Response& response);
// By digest it takes any number of ?tag=.
void put_manifest(Parts& parts, http::Request& request,
                  http::Response& response);
void delete_manifest(Parts& parts, http::Request& request,
                     http::Response& response);

}  // namespace skerry::registry
