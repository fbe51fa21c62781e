#include "core/error.h"
#include "repository/routes.h"

namespace skerry::chart {
namespace {

using http::Access;
using http::Dialect;
using http::Request;
using http::Response;

void send_index(Repository& repository, const Request& request,
                Response& response) {
  const auto index = repository.index(request.param("project"));
  response.header("ETag", index->etag);
  response.header("Cache-Control", "no-cache");
  if (request.header("If-None-Match") == std::string_view(index->etag)) {
    response.status = 304;
    return;
  }
  response.send("application/yaml", index->text);
}

// "<name>-<version>.tgz", maybe ".prov". Both parts may hold dashes, so the
// split is where a stored version is found.
std::optional<StoredVersion> find_file(Repository& repository,
                                       std::string_view project,
                                       std::string_view stem) {
  for (std::size_t dash = stem.find('-'); dash != std::string_view::npos;
       dash = stem.find('-', dash + 1)) {
    if (auto found = repository.find(project, stem.substr(0, dash),
                                     stem.substr(dash + 1))) {
      return found;
    }
  }
  return std::nullopt;
}

void send_file(Services& services, Repository& repository,
               const Request& request, Response& response) {
  std::string_view name = request.param("file");
  const bool provenance = name.ends_with(".prov");
  if (provenance) name.remove_suffix(5);
  if (!name.ends_with(".tgz")) {
    fail(ErrorCode::not_found, "charts are named <name>-<version>.tgz");
  }
  name.remove_suffix(4);
  const auto version = find_file(repository, request.param("project"), name);
  if (!version || (provenance && version->provenance.empty())) {
    fail(ErrorCode::not_found, "there is no {}", request.param("file"));
  }
  if (provenance) {
    response.send("application/pgp-signature", version->provenance);
    return;
  }
  response.header("ETag", "\"" + version->digest + "\"");
  response.send_file(services.blobs.open(*Digest::parse(version->digest)),
                     version->size, "application/gzip");
}

void list_charts(Repository& repository, const Request& request,
                 Response& response) {
  Json charts = Json::array();
  for (const StoredVersion& version :
       repository.versions(request.param("project"))) {
    if (charts.empty() || charts.back()["name"] != version.name) {
      charts.push_back({{"name", version.name}, {"versions", Json::array()}});
    }
    charts.back()["versions"].push_back({{"version", version.version},
                                         {"app_version", version.app_version},
                                         {"digest", version.digest},
                                         {"created", version.created}});
  }
  response.send_json({{"charts", charts}});
}

// All versions, or that of ?version=.
void delete_chart(Repository& repository, const Request& request,
                  Response& response) {
  const std::string& project = request.param("project");
  const std::string& name = request.param("name");
  const auto wanted = request.query_param("version");
  bool removed = false;
  for (const StoredVersion& version : repository.versions(project, name)) {
    if (wanted && version.version != *wanted) continue;
    removed |=
        repository.remove(project, name, version.version, request.identity);
  }
  if (!removed) {
    fail(ErrorCode::not_found, "project {} has no chart '{}'{}", project, name,
         wanted ? " of version " + *wanted : "");
  }
  response.status = 204;
}

}  // namespace

std::vector<http::Route> repository_routes(Services& services,
                                           Repository& repository) {
  return {
      {"GET", "/charts/{project}/index.yaml", Access::project_viewer,
       [&repository](Request& req, Response& res) {
         send_index(repository, req, res);
       },
       "The index of a project's charts", Dialect::chart},
      {"GET", "/charts/{project}/{file}", Access::project_viewer,
       [&](Request& req, Response& res) {
         send_file(services, repository, req, res);
       },
       "A packaged chart or its provenance", Dialect::chart},
  };
}

std::vector<http::Route> api_routes(Repository& repository) {
  return {
      {"GET", "/api/v1/projects/{project}/charts", Access::project_viewer,
       [&repository](Request& req, Response& res) {
         list_charts(repository, req, res);
       },
       "A project's charts and their versions, newest first"},
      {"DELETE", "/api/v1/projects/{project}/charts/{name}",
       Access::project_maintainer,
       [&repository](Request& req, Response& res) {
         delete_chart(repository, req, res);
       },
       "Delete a chart, or one version of it (?version=)"},
  };
}

}  // namespace skerry::chart
