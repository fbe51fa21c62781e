#include "api/api_routes.h"

#include "core/error.h"
#include "manifests/image_details.h"
#include "manifests/tag_details.h"
#include "names.h"
#include "repositories.h"

namespace skerry::registry {
namespace {

Place asked_repository(Parts& parts, const http::Request& request) {
  const auto name = request.query_param("repository");
  if (!name) {
    fail(ErrorCode::invalid, "say which repository with ?repository=");
  }
  return {asked_project(parts, request), request.param("project"), *name};
}

Json time_or_null(UnixMillis time) {
  return time == 0 ? Json(nullptr) : Json(time);
}

Reference asked_reference(const http::Request& request) {
  const auto text = request.query_param("reference");
  auto reference = parse_reference(text.value_or(""));
  if (!reference) {
    fail(ErrorCode::invalid, "say which tag or digest with &reference=");
  }
  return std::move(*reference);
}

// At most so many images are checked for one list, which they hold up.
constexpr int kMostChecked = 100;

// By whom an image is signed; null: it was not checked yet.
Json signers(Parts& parts, const Place& place, const SignaturePolicy& policy,
             const TagDetails& tag, int& checked) {
  if (!tag.is_signed || policy.keys.empty()) return Json::array();
  auto verdict = parts.signatures.known(place, policy, tag.digest);
  if (!verdict && checked < kMostChecked) {
    ++checked;
    verdict = parts.signatures.of(place, policy, tag.digest);
  }
  return verdict ? Json(verdict->signed_by) : Json();
}

Json signatures_json(const std::vector<FoundSignature>& found) {
  Json list = Json::array();
  for (const auto& one : found) {
    list.push_back({{"manifest", one.manifest},
                    {"format", one.format},
                    {"valid", one.valid()},
                    {"key", one.key},
                    {"identity", one.identity},
                    {"annotations", one.annotations},
                    {"trouble", one.trouble}});
  }
  return list;
}

}  // namespace

std::int64_t asked_project(Parts& parts, const http::Request& request) {
  const auto& name = request.param("project");
  const auto project = parts.services.accounts.find_project(name);
  if (!project) fail(ErrorCode::not_found, "there is no project '{}'", name);
  return project->id;
}

void get_images(Parts& parts, http::Request& request,
                http::Response& response) {
  const auto id = asked_project(parts, request);
  const auto found = parts.services.db.read(
      [&](Connection& db) { return list_repositories(db, id); });
  Json list = Json::array();
  for (const auto& one : found) {
    list.push_back({{"name", one.name},
                    {"tags", one.tags},
                    {"size_bytes", one.size_bytes},
                    {"updated", one.updated}});
  }
  response.send_json({{"repositories", std::move(list)}});
}

void get_image_tags(Parts& parts, http::Request& request,
                    http::Response& response) {
  const Place place = asked_repository(parts, request);
  const auto found = parts.services.db.read([&](Connection& db) {
    const auto repository = find_repository(db, place);
    if (!repository) {
      fail(ErrorCode::not_found, "there is no image repository '{}'",
           place.full_name());
    }
    return list_tag_details(db, parts.pulls, place, *repository);
  });
  const auto policy = parts.policies.of(place.project_id);
  int checked = 0;
  Json list = Json::array();
  for (const auto& tag : found) {
    list.push_back({{"name", tag.name},
                    {"digest", tag.digest},
                    {"media_type", tag.media_type},
                    {"artifact_type", tag.artifact_type},
                    {"platforms", tag.platforms},
                    {"size_bytes", tag.total_size},
                    {"pushed", tag.pushed},
                    {"signed", tag.is_signed},
                    {"signed_by", signers(parts, place, policy->signatures,
                                          tag, checked)},
                    {"pulls", tag.pulls.pulls},
                    {"last_pulled", time_or_null(tag.pulls.last)}});
  }
  response.send_json({{"tags", std::move(list)}});
}

void get_image_manifest(Parts& parts, http::Request& request,
                        http::Response& response) {
  const Place place = asked_repository(parts, request);
  const auto found = parts.manifests.find(place, asked_reference(request));
  if (!found) {
    fail(ErrorCode::not_found, "{} has no such manifest", place.full_name());
  }
  auto& services = parts.services;
  Json details = image_details(services.db, services.blobs, place, *found);
  details["signatures"] = signatures_json(parts.signatures.all(
      place, parts.policies.of(place.project_id)->signatures, *found));
  details["undo_ms"] =
      services.settings.duration("registry.undo_window").count();
  response.send_json(details);
}

void delete_image_manifest(Parts& parts, http::Request& request,
                           http::Response& response) {
  parts.deletions.remove(asked_repository(parts, request),
                         asked_reference(request), request.identity,
                         origin_of(request));
  response.status = 204;
}

void delete_image(Parts& parts, http::Request& request,
                  http::Response& response) {
  parts.deletions.remove_repository(asked_repository(parts, request),
                                    request.identity, origin_of(request));
  response.status = 204;
}

}  // namespace skerry::registry
