// /api/v1/projects/{project}/images/deleted: what was deleted and can be
// brought back.
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

// ?repository= for one repository; ?before= (an id) and ?limit= to page.
void get_deleted(Parts& parts, http::Request& request,
                 http::Response& response);
void restore_deleted(Parts& parts, http::Request& request,
                     http::Response& response);
void purge_deleted_image(Parts& parts, http::Request& request,
                         http::Response& response);

}  // namespace skerry::registry
