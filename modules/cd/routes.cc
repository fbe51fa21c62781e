#include "routes.h"

#include <algorithm>

#include "api_json.h"
#include "core/error.h"
#include "core/text/yaml.h"

namespace skerry::cd {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr std::uint64_t kLargestApplication = 1u << 20;

// The application of the path, in its project.
Record find_record(Api& api, const Request& request) {
  const std::string& name = request.param("app");
  auto record = api.store.find(name);
  if (!record || record->app->project != request.param("project")) {
    fail(ErrorCode::not_found, "there is no application {} in project {}",
         name, request.param("project"));
  }
  return std::move(*record);
}

Json shown(Api& api, const Record& record) {
  return application_json(record, api.reconciler.last_look(record.app->name));
}

std::vector<std::string> own_hosts(Api& api, const Request& request) {
  std::vector<std::string> hosts;
  std::string base = request.base_url;
  if (const auto scheme = base.find("://"); scheme != std::string::npos) {
    base = base.substr(scheme + 3);
  }
  base = base.substr(0, base.find('/'));
  hosts.push_back(base);
  const auto colon = base.rfind(':');
  const std::string port =
      colon == std::string::npos ? "" : base.substr(colon);
  for (const char* name : {"127.0.0.1", "localhost", "[::1]"}) {
    hosts.push_back(name + port);
  }
  const std::string more = api.services.settings.text("cd.own_hosts");
  std::string_view rest = more;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    std::string_view host = rest.substr(0, comma);
    while (host.starts_with(' ')) host.remove_prefix(1);
    while (host.ends_with(' ')) host.remove_suffix(1);
    if (!host.empty()) hosts.emplace_back(host);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return hosts;
}

// What only the caller's rights and this server can tell about an application.
void check_application(Api& api, const Request& request,
                       const Application& app) {
  if (app.project != request.param("project")) {
    fail(ErrorCode::invalid,
         "spec.project is {}, but the application is put into project {}",
         app.project, request.param("project"));
  }
  check_source_hosts(app, own_hosts(api, request));
  for (const Source& source : app.sources) {
    const std::string& project = source.address.project;
    if (project == app.project) continue;
    if (!api.services.accounts.allows(request.identity, Access::project_viewer,
                                      project)) {
      fail(ErrorCode::denied, "{}: you may not read project {}",
           source.repo_url, project);
    }
  }
  const std::string server = api.targets.server(app.destination);
  Target& target = api.targets.at(server);
  // Asks the target whether it would take this application at all.
  target.review({0, app.name, app.project, app.destination.namespace_name,
                   server}, {});
}

Application read_application(Request& request) {
  const auto type = request.header("content-type");
  const std::string body = request.read_body(kLargestApplication);
  const bool yaml = type && type->find("yaml") != std::string_view::npos;
  Json object = yaml ? parse_yaml(body, "application") : parse_json(body);
  return parse_application(object);
}

void list_all(Api& api, Request& request, Response& response) {
  Json result = Json::array();
  for (const auto& project :
       api.services.accounts.projects_of(request.identity)) {
    for (const Record& record : api.store.of_project(project.name)) {
      result.push_back(shown(api, record));
    }
  }
  response.send_json({{"applications", std::move(result)}});
}

void list_project(Api& api, Request& request, Response& response) {
  Json result = Json::array();
  for (const Record& record : api.store.of_project(request.param("project"))) {
    result.push_back(shown(api, record));
  }
  response.send_json({{"applications", std::move(result)}});
}

// argocd.argoproj.io/refresh asks once, by being there.
void create(Api& api, Request& request, Response& response) {
  const Application app = read_application(request);
  check_application(api, request, app);
  api.services.db.write([&](Transaction& tx) {
    auth::require_project(api.services.accounts, app.project);
    api.store.create(tx, app, api.services.clock.now(), request.identity.name);
    api.services.accounts.audit(tx, request.identity, "application.create",
                                app.project + "/" + app.name);
    api.services.events.append(tx, "ApplicationChanged", event_subject(app),
                               "spec");
  });
  api.reconciler.refresh(app.name);
  response.status = 201;
  response.send_json(shown(api, *api.store.find(app.name)));
}

void get(Api& api, Request& request, Response& response) {
  response.send_json(shown(api, find_record(api, request)));
}

void put(Api& api, Request& request, Response& response) {
  const Record record = find_record(api, request);
  const Application app = read_application(request);
  if (app.name != record.app->name) {
    fail(ErrorCode::invalid, "metadata.name is {}, but the path says {}",
         app.name, record.app->name);
  }
  check_application(api, request, app);
  const Destination& was = record.app->destination;
  const Destination& is = app.destination;
  if (was.server != is.server || was.name != is.name ||
      was.namespace_name != is.namespace_name) {
    fail(ErrorCode::conflict,
         "spec.destination cannot change; delete the application and create "
         "it anew");
  }
  api.services.db.write([&](Transaction& tx) {
    api.store.change(tx, record.id, app);
    if (record.pin) api.store.save_pin(tx, record.id, std::nullopt);
    api.services.accounts.audit(tx, request.identity, "application.change",
                                app.project + "/" + app.name);
    api.services.events.append(tx, "ApplicationChanged", event_subject(app),
                               "spec");
  });
  api.reconciler.refresh(app.name);
  response.send_json(shown(api, *api.store.find(app.name)));
}

// cascade=false leaves the deployed resources where they are.
void remove(Api& api, Request& request, Response& response) {
  const Record record = find_record(api, request);
  const std::string& name = record.app->name;
  const std::string cascade = request.query_param("cascade").value_or("true");
  if (cascade != "true" && cascade != "false") {
    fail(ErrorCode::invalid, "cascade must be true or false");
  }
  api.services.db.write([&](Transaction& tx) {
    if (cascade == "true") {
      api.store.mark_deleting(tx, record.id);
    } else {
      api.store.remove(tx, record.id);
    }
    api.services.accounts.audit(tx, request.identity, "application.delete",
                                record.app->project + "/" + name,
                                "cascade=" + cascade);
    api.services.events.append(tx, "ApplicationChanged",
                               event_subject(*record.app), "deleted");
  });
  api.reconciler.refresh(name);
  response.status = cascade == "true" ? 202 : 204;
  if (cascade == "true") response.send_json({{"name", name}, {"deleting", true}});
}

SyncRequest read_sync(const Json& body) {
  refuse_unknown_members(body, {"prune", "dry_run", "revision", "resources"},
                         "the request");
  SyncRequest sync;
  sync.revision = optional_string(body, "revision");
  sync.prune = optional_bool(body, "prune", false);
  if (body.contains("resources") && !body["resources"].is_null()) {
    if (!body["resources"].is_array()) {
      fail(ErrorCode::invalid, "resources must be a list");
    }
    for (const Json& item : body["resources"]) {
      refuse_unknown_members(item, {"group", "kind", "namespace", "name"},
                             "resources");
      sync.only.push_back(
          {optional_string(item, "group"), required_string(item, "kind"),
           optional_string(item, "namespace"), required_string(item, "name")});
    }
  }
  return sync;
}

void sync(Api& api, Request& request, Response& response) {
  const Record record = find_record(api, request);
  const std::string text = request.read_body(kLargestApplication);
  const Json body = text.empty() ? Json::object() : parse_json(text);
  const SyncRequest wanted = read_sync(body);
  if (optional_bool(body, "dry_run", false)) {
    response.send_json(
        steps_json(api.reconciler.dry_run(record, wanted)));
    return;
  }
  api.reconciler.sync(record, wanted, request.identity);
  response.status = 202;
  response.send_json(shown(api, *api.store.find(record.app->name)));
}

void refresh(Api& api, Request& request, Response& response) {
  const Record record = find_record(api, request);
  api.reconciler.refresh(record.app->name);
  response.status = 202;
  response.send_json(shown(api, record));
}

void rollback(Api& api, Request& request, Response& response) {
  const Record record = find_record(api, request);
  const Json body = request.read_json();
  refuse_unknown_members(body, {"id"}, "the request");
  if (!body.contains("id") || !body["id"].is_number_integer()) {
    fail(ErrorCode::invalid, "id must be the number of a history entry");
  }
  api.reconciler.rollback(record, body["id"].get<std::int64_t>(),
                          request.identity);
  response.status = 202;
  response.send_json(shown(api, *api.store.find(record.app->name)));
}

void history(Api& api, Request& request, Response& response) {
  response.send_json(
      history_json(api.store.history(find_record(api, request).id)));
}

template <typename ToJson>
auto looking(Api& api, ToJson to_json) {
  return [&api, to_json](Request& request, Response& response) {
    response.send_json(to_json(api.reconciler.look(find_record(api, request))));
  };
}

}  // namespace

std::vector<http::Route> routes(Api& api) {
  const auto with = [&api](auto handler) {
    return [&api, handler](Request& request, Response& response) {
      handler(api, request, response);
    };
  };
  const std::string all = "/api/v1/projects/{project}/applications";
  const std::string one = all + "/{app}";
  return {
      {"GET", "/api/v1/applications", Access::signed_in, with(list_all),
       "The applications of all projects that the caller may read"},
      {"GET", all, Access::project_viewer, with(list_project),
       "The applications of a project"},
      {"POST", all, Access::project_maintainer, with(create),
       "Creates an application from an Argo CD Application (JSON or YAML)"},
      {"GET", one, Access::project_viewer, with(get), "An application"},
      {"PUT", one, Access::project_maintainer, with(put),
       "Replaces an application's specification"},
      {"DELETE", one, Access::project_maintainer, with(remove),
       "Deletes an application and, unless cascade=false, what it deployed"},
      {"POST", one + "/sync", Access::project_developer, with(sync),
       "Starts a sync, or with dry_run says what one would do"},
      {"POST", one + "/refresh", Access::project_developer, with(refresh),
       "Compares the application with its target now"},
      {"POST", one + "/rollback", Access::project_developer, with(rollback),
       "Brings an entry of the history back and holds it"},
      {"GET", one + "/history", Access::project_viewer, with(history),
       "What was deployed, latest first"},
      {"GET", one + "/resources", Access::project_viewer,
       looking(api, resources_json), "Each resource's sync status and health"},
      {"GET", one + "/diff", Access::project_viewer, looking(api, diff_json),
       "What differs between the sources and the target"},
      {"GET", one + "/manifests", Access::project_viewer,
       looking(api, manifests_json), "The rendered manifests"},
  };
}

}  // namespace skerry::cd
