// /api/v1/projects/{project}/images/policy and .../usage: what a project
// demands of its images, and what they weigh.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

void get_policy(Parts& parts, http::Request& request, http::Response& response);
// Replaces the whole document; the answer has every member.
void put_policy(Parts& parts, http::Request& request, http::Response& response);
void get_usage(Parts& parts, http::Request& request, http::Response& response);

}  // namespace skerry::registry
