#include "api/paging.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/http/route.h"
#include "core/text/encoding.h"
#include "core/text/number.h"

namespace skerry::registry {

Page page_of(const http::Request& request) {
  Page page;
  page.after = request.query_param("last").value_or("");
  const auto text = request.query_param("n");
  if (!text) return page;
  const auto number = parse_number<std::uint64_t>(*text);
  if (!number) {
    throw http::ProtocolError(400, "PAGINATION_NUMBER_INVALID",
                              "n is not a number of entries");
  }
  page.limit =
      static_cast<std::size_t>(std::min<std::uint64_t>(*number, kLargestPage));
  return page;
}

void finish_page(std::vector<std::string>& entries, const Page& page,
                 std::string_view path, std::string_view extra,
                 http::Response& response) {
  if (entries.size() <= page.limit) return;
  entries.resize(page.limit);
  if (entries.empty()) return;
  response.header("Link", fmt::format("<{}?n={}&last={}{}>; rel=\"next\"", path,
                                      page.limit,
                                      percent_encode(entries.back()), extra));
}

}  // namespace skerry::registry
