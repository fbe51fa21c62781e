// The chart repository over HTTP.
#pragma once

#include <vector>

#include "core/http/route.h"
#include "repository/repository.h"

namespace skerry::chart {

// index.yaml and archives, as `helm repo add` reads them.
std::vector<http::Route> repository_routes(Services& services,
                                           Repository& repository);
// ChartMuseum's API, as `helm cm-push` speaks it.
std::vector<http::Route> museum_routes(Services& services,
                                       Repository& repository);
// The listing of the page.
std::vector<http::Route> api_routes(Repository& repository);

}  // namespace skerry::chart
