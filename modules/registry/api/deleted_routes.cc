#include "api/deleted_routes.h"

#include <algorithm>
#include <limits>

#include "api/api_routes.h"
#include "core/error.h"
#include "core/http/numbers.h"

namespace skerry::registry {
namespace {

constexpr std::int64_t kPage = 500;

Json to_json(Parts& parts, const DeletedRow& row) {
  Json tags = Json::array();
  for (const auto& [tag, pushed] : row.tags) tags.push_back(tag);
  return {{"id", row.id},
          {"repository", row.place.repository},
          {"digest", row.digest},
          {"tag", row.tag ? Json(*row.tag) : Json()},
          {"tags", std::move(tags)},
          {"size_bytes", row.total_size},
          {"pushed", row.pushed},
          {"deleted", row.deleted},
          {"deleted_by", row.actor},
          {"purged", parts.deletions.purged_at(row)}};
}

}  // namespace

void get_deleted(Parts& parts, http::Request& request,
                 http::Response& response) {
  const auto repository = request.query_param("repository");
  const auto rows = parts.deletions.list(
      asked_project(parts, request), repository,
      http::query_number(request, "before", INT64_MAX),
      static_cast<std::size_t>(
          std::min(http::query_number(request, "limit", kPage), kPage)));
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(to_json(parts, row));
  response.send_json({{"deleted", std::move(list)}});
}

void restore_deleted(Parts& parts, http::Request& request,
                     http::Response& response) {
  const auto skipped = parts.deletions.restore(
      asked_project(parts, request), http::path_number(request, "id"),
      request.identity, origin_of(request));
  response.send_json({{"skipped_tags", skipped}});
}

void purge_deleted_image(Parts& parts, http::Request& request,
                         http::Response& response) {
  parts.deletions.purge(asked_project(parts, request),
                        http::path_number(request, "id"),
                        request.identity);
  response.status = 204;
}

}  // namespace skerry::registry
