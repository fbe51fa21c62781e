// The description of the REST API, made from the same tables that serve it.
#pragma once

#include <string_view>
#include <vector>

#include "core/http/route.h"
#include "core/text/json.h"

namespace skerry::http {

// OpenAPI 3.1 with one operation for each route below /api/. A schema of a
// route that is not JSON is a bug: internal, naming the route.
Json openapi_document(const std::vector<Route>& routes,
                      std::string_view version);

}  // namespace skerry::http
