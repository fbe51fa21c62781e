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
// &reference= too, a tag or a digest: all there is to say of one manifest
// (manifests/image_details.h), and `undo_ms`, for how long a deletion of it
// can be undone.
void get_image_manifest(Parts& parts, http::Request& request,
                        http::Response& response);
// The same; a tag goes alone, a manifest with its tags.
void delete_image_manifest(Parts& parts, http::Request& request,
                           http::Response& response);
// ?repository=; with all its tags and manifests.
void delete_image(Parts& parts, http::Request& request,
                  http::Response& response);

}  // namespace skerry::registry
