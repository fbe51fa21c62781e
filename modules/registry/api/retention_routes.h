// /api/v1/projects/{project}/images/retention: what the rules of a project's
// policy remove.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

// The last run.
void get_retention(Parts& parts, http::Request& request,
                   http::Response& response);
// Starts one.
void post_retention(Parts& parts, http::Request& request,
                    http::Response& response);
// What a run would remove now, and why everything else stays; ?repository= for
// one repository.
void get_retention_preview(Parts& parts, http::Request& request,
                           http::Response& response);
// The same for the policy in the body.
void post_retention_preview(Parts& parts, http::Request& request,
                            http::Response& response);

}  // namespace skerry::registry
