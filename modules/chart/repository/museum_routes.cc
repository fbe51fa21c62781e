#include "core/error.h"
#include "repository/multipart.h"
#include "repository/routes.h"

namespace skerry::chart {
namespace {

using http::Access;
using http::Dialect;
using http::Request;
using http::Response;

std::uint64_t limit(Services& services) {
  return static_cast<std::uint64_t>(
      services.settings.integer("chart.max_size"));
}

void saved(Response& response) {
  response.status = 201;
  response.send_json({{"saved", true}});
}

void add_chart(Services& services, Repository& repository, Request& request,
               Response& response) {
  const std::string type(request.header("Content-Type").value_or(""));
  std::string chart = request.read_body(limit(services));
  std::string provenance;
  if (type.starts_with("multipart/form-data")) {
    auto parts = parse_multipart(type, chart);
    if (!parts.contains("chart")) {
      fail(ErrorCode::invalid, "the form has no field 'chart'");
    }
    provenance = parts["prov"];
    chart = std::move(parts["chart"]);
  }
  // "?force" alone is enough.
  const bool force = request.query_param("force").has_value();
  repository.add(request.param("project"), chart, provenance, force,
                 request.identity);
  saved(response);
}

void add_provenance(Services& services, Repository& repository,
                    Request& request, Response& response) {
  repository.add_provenance(request.param("project"),
                            request.read_body(limit(services)),
                            request.identity);
  saved(response);
}

Json entry(const StoredVersion& version) {
  Json entry = parse_json(version.metadata);
  entry["created"] = to_rfc3339(version.created, true);
  entry["digest"] = version.digest.substr(version.digest.find(':') + 1);
  entry["urls"] = {version.name + "-" + version.version + ".tgz"};
  return entry;
}

void list(Repository& repository, const Request& request, Response& response) {
  Json charts = Json::object();
  for (const auto& version : repository.versions(request.param("project"))) {
    charts[version.name].push_back(entry(version));
  }
  response.send_json(charts);
}

void list_one(Repository& repository, const Request& request,
              Response& response) {
  Json versions = Json::array();
  for (const auto& version : repository.versions(request.param("project"),
                                                 request.param("name"))) {
    versions.push_back(entry(version));
  }
  if (versions.empty()) fail(ErrorCode::not_found, "chart not found");
  response.send_json(versions);
}

void show_version(Repository& repository, const Request& request,
                  Response& response) {
  const auto version =
      repository.find(request.param("project"), request.param("name"),
                      request.param("version"));
  if (!version) fail(ErrorCode::not_found, "chart version not found");
  response.send_json(entry(*version));
}

void delete_version(Repository& repository, const Request& request,
                    Response& response) {
  if (!repository.remove(request.param("project"), request.param("name"),
                         request.param("version"), request.identity)) {
    fail(ErrorCode::not_found, "chart version not found");
  }
  response.send_json({{"deleted", true}});
}

}  // namespace

// `helm cm-push` puts "api" in front of the repository's path, so the API of
// /charts/demo is /api/charts/demo.
std::vector<http::Route> museum_routes(Services& services,
                                       Repository& repository) {
  constexpr std::uint64_t kHandlerCounts = UINT64_MAX;
  return {
      {"POST", "/api/charts/{project}/charts", Access::project_developer,
       [&](Request& req, Response& res) {
         add_chart(services, repository, req, res);
       },
       "Publish a packaged chart (ChartMuseum)", Dialect::chart,
       kHandlerCounts},
      {"POST", "/api/charts/{project}/prov", Access::project_developer,
       [&](Request& req, Response& res) {
         add_provenance(services, repository, req, res);
       },
       "Add a chart's provenance (ChartMuseum)", Dialect::chart,
       kHandlerCounts},
      {"GET", "/api/charts/{project}/charts", Access::project_viewer,
       [&repository](Request& req, Response& res) {
         list(repository, req, res);
       },
       "All charts (ChartMuseum)", Dialect::chart},
      {"GET", "/api/charts/{project}/charts/{name}", Access::project_viewer,
       [&repository](Request& req, Response& res) {
         list_one(repository, req, res);
       },
       "A chart's versions (ChartMuseum)", Dialect::chart},
      {"GET", "/api/charts/{project}/charts/{name}/{version}",
       Access::project_viewer,
       [&repository](Request& req, Response& res) {
         show_version(repository, req, res);
       },
       "One version (ChartMuseum)", Dialect::chart},
      {"DELETE", "/api/charts/{project}/charts/{name}/{version}",
       Access::project_maintainer,
       [&repository](Request& req, Response& res) {
         delete_version(repository, req, res);
       },
       "Delete a version (ChartMuseum)", Dialect::chart},
  };
}

}  // namespace skerry::chart
