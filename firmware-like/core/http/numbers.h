// Numbers in a request's address.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/http/route.h"

namespace skerry::http {

// The query parameter `name`; `otherwise` when the request has none. Throws
// invalid when it is no number from `low` to `high`.
std::int64_t query_number(const Request& request, std::string_view name,
                          std::int64_t otherwise, std::int64_t low = 0,
                          std::int64_t high = INT64_MAX);
// The part `name` of the path; throws invalid when it is no number from 0.
std::int64_t path_number(const Request& request, std::string_view name);

}  // namespace skerry::http
