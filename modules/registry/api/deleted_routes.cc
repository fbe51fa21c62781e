#include "api/deleted_routes.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "api/api_routes.h"
#include "core/error.h"

namespace skerry::registry {
namespace {

constexpr std::int64_t kPage = 500;

std::int64_t number(std::string_view text, std::string_view what) {
  std::int64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    fail(ErrorCode::invalid, "{} must be a number, not '{}'", what, text);
  }
  return value;
}

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
  const auto before = request.query_param("before");
  const auto limit = request.query_param("limit");
  const auto rows = parts.deletions.list(
      asked_project(parts, request), repository,
      before ? number(*before, "before")
             : std::numeric_limits<std::int64_t>::max(),
      static_cast<std::size_t>(
          std::clamp<std::int64_t>(limit ? number(*limit, "limit") : kPage, 0,
                                   kPage)));
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(to_json(parts, row));
  response.send_json({{"deleted", std::move(list)}});
}

void restore_deleted(Parts& parts, http::Request& request,
                     http::Response& response) {
  const auto skipped = parts.deletions.restore(
      asked_project(parts, request), number(request.param("id"), "the id"),
      request.identity, origin_of(request));
  response.send_json({{"skipped_tags", skipped}});
}

void purge_deleted_image(Parts& parts, http::Request& request,
                         http::Response& response) {
  parts.deletions.purge(asked_project(parts, request),
                        number(request.param("id"), "the id"),
                        request.identity);
  response.status = 204;
}

}  // namespace skerry::registry
