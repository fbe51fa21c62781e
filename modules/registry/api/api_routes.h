// /api/v1/projects/{project}/images: what the page and the shell show.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

// The number of the project in the path. Throws not_found.
std::int64_t asked_project(Parts& parts, const http::Request& request);

void get_images(Parts& parts, http::Request& request, http::Response& response);
// ?repository= names the repository, without the project.
void get_image_tags(Parts& parts, http::Request& request,
                    http::Response& response);
// The same; with all its tags and manifests.
void delete_image(Parts& parts, http::Request& request,
                  http::Response& response);

}  // namespace skerry::registry
