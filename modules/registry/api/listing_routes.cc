#include "api/listing_routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "access.h"
#include "api/paging.h"
#include "errors.h"
#include "manifests/referrers.h"
#include "upstream/entry.h"
#include "upstream/mirror_lists.h"

namespace skerry::registry {
namespace {

// "demo/a", "demo/b" ... of the projects that the caller may read, above the
// page's start, at most one more than the page holds.
std::vector<std::string> visible_repositories(Parts& parts,
                                              const http::Identity& who,
                                              const Page& page) {
  auto& accounts = parts.services.accounts;
  std::vector<std::string> names;
  for (const auto& project : accounts.projects_of(who)) {
    if (!accounts.allows(who, http::Access::project_viewer, project.name)) {
      continue;
    }
    const auto prefix = project.name + "/";
    const std::string_view after = page.after;
    std::string_view inside;
    if (after.substr(0, prefix.size()) == prefix) {
      inside = after.substr(prefix.size());
    } else if (prefix < after) {
      continue;
    }
    const auto found = parts.services.db.read([&](Connection& db) {
      return repository_names(db, project.id, inside, page.limit + 1);
    });
    for (const auto& name : found) names.push_back(prefix + name);
  }
  std::sort(names.begin(), names.end());
  if (names.size() > page.limit + 1) names.resize(page.limit + 1);
  return names;
}

void warn(http::Response& response, const std::string& warning) {
  if (!warning.empty()) response.header("Warning", warning_text(warning));
}

}  // namespace

void get_tags(Parts& parts, http::Request& request, http::Response& response) {
  const auto entry = enter_pull(parts, request);
  const auto& place = entry.place;
  const auto page = page_of(request);
  std::vector<std::string> tags;
  if (entry.upstream) {
    auto mirrored = mirrored_tags(parts, entry, page);
    tags = std::move(mirrored.names);
    warn(response, mirrored.warning);
  } else {
    tags = parts.manifests.tags(place, page.after, page.limit + 1);
  }
  api_version(response);
  finish_page(tags, page, fmt::format("/v2/{}/tags/list", place.full_name()),
              "", response);
  response.send_json({{"name", place.full_name()}, {"tags", std::move(tags)}});
}

void get_catalog(Parts& parts, http::Request& request,
                 http::Response& response) {
  if (request.identity.anonymous()) {
    challenge(request, "registry:catalog:*", "sign in to list repositories");
  }
  const auto page = page_of(request);
  auto names = visible_repositories(parts, request.identity, page);
  api_version(response);
  finish_page(names, page, "/v2/_catalog", "", response);
  response.send_json({{"repositories", std::move(names)}});
}

void get_referrers(Parts& parts, http::Request& request,
                   http::Response& response) {
  const auto entry = enter_pull(parts, request);
  ReferrersQuery query;
  query.subject = require_digest(request.param("digest"));
  query.artifact_type = request.query_param("artifactType");
  const auto page = page_of(request);
  query.after = page.after;
  query.limit = std::min(page.limit, kMostReferrers);
  ReferrersPage found;
  if (entry.upstream) {
    auto mirrored = mirrored_referrers(parts, entry, query);
    found = std::move(mirrored.page);
    warn(response, mirrored.warning);
  } else {
    found = list_referrers(parts.services.db, parts.manifests, entry.place,
                           query);
  }
  api_version(response);
  if (query.artifact_type) {
    response.header("OCI-Filters-Applied", "artifactType");
  }
  if (!found.next.empty()) response.header("Link", found.next);
  response.send("application/vnd.oci.image.index.v1+json", found.index);
}

}  // namespace skerry::registry
