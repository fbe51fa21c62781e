// /v2/<name>/blobs/...: reading blobs, and pushing them by uploads
// (distribution specification 1.1, end-2, end-4a to end-6, end-10, end-11,
// end-13, end-14).
#pragma once

#include "core/http/message.h"
#include "parts.h"

namespace skerry::registry {

void get_blob(Parts& parts, http::Request& request, http::Response& response);
void delete_blob(Parts& parts, http::Request& request,
                 http::Response& response);

// Starts an upload; with ?mount= links a blob of another repository; with
// ?digest= takes the whole blob at once.
void post_upload(Parts& parts, http::Request& request,
                 http::Response& response);
void get_upload(Parts& parts, http::Request& request, http::Response& response);
void patch_upload(Parts& parts, http::Request& request,
                  http::Response& response);
void put_upload(Parts& parts, http::Request& request, http::Response& response);
void delete_upload(Parts& parts, http::Request& request,
                   http::Response& response);

}  // namespace skerry::registry
