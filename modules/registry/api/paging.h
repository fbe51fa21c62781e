// Lists in pages: ?n= and ?last= of a request, and the Link to what follows
// (distribution specification 1.1, "Listing tags"; RFC 8288).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.h"

namespace skerry::registry {

// A page without ?n=, and the most that ?n= may ask for.
inline constexpr std::size_t kLargestPage = 10'000;

struct Page {
  std::size_t limit = kLargestPage;
  std::string after;  // exclusive
};

// Throws 400 for an n that is not a number of entries.
Page page_of(const http::Request& request);

// To be called with one entry more than the page's limit when there is one:
// drops it and sets the Link header. `extra` is further query text, encoded
// ("&artifactType=..."). An n of 0 gets no Link.
void finish_page(std::vector<std::string>& entries, const Page& page,
                 std::string_view path, std::string_view extra,
                 http::Response& response);

}  // namespace skerry::registry
