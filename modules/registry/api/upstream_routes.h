// /api/v1/projects/{project}/upstream: the registry that a project stands in
// front of, and how nodes are told to pull through this server.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

void get_upstream(Parts& parts, http::Request& request,
                  http::Response& response);
void put_upstream_route(Parts& parts, http::Request& request,
                        http::Response& response);
void delete_upstream(Parts& parts, http::Request& request,
                     http::Response& response);
// Also for a project that is pushed to.
void get_node_snippets(Parts& parts, http::Request& request,
                       http::Response& response);

}  // namespace skerry::registry
