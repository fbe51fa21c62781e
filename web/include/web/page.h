// The page: the files that web/ builds, as routes.
#pragma once

#include <vector>

#include "core/http/route.h"

namespace skerry::web {

// "/" and every address of the page answer its HTML document, "/assets/..."
// its scripts, styles and pictures. Open to anyone: what the page shows comes
// from the API, which asks who is there.
std::vector<http::Route> page_routes();

}  // namespace skerry::web
