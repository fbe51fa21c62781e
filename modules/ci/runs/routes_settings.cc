#include "core/error.h"
#include "core/text/encoding.h"
#include "core/text/json.h"
#include "core/tree/tree.h"
#include "runs/routes.h"

namespace skerry::ci::routes {
namespace {

constexpr std::uint64_t kMaxDefaults = 1u << 20;

// The system's defaults have no project in their pattern.
std::string scope_of(const Request& request) {
  const auto it = request.params.find("project");
  return it == request.params.end() ? std::string() : it->second;
}

std::string or_system(const std::string& project) {
  return project.empty() ? "system" : project;
}

std::string decoded(const Json& body) {
  const std::string encoded = optional_string(body, "content_base64");
  const auto content = from_base64(encoded);
  if (!content) fail(ErrorCode::invalid, "content_base64 is not base64");
  return *content;
}

Credential read_credential(const Json& body) {
  refuse_unknown_members(body,
                         {"id", "kind", "description", "user", "secret",
                          "password", "file_name", "content", "content_base64"},
                         "credential");
  const std::string kind = required_string(body, "kind");
  const auto known = parse_credential_kind(kind);
  if (!known) {
    fail(ErrorCode::invalid,
         "kind: '{}' is none of text, username_password, file", kind);
  }
  Credential credential;
  credential.kind = *known;
  switch (*known) {
    case Credential::Kind::text:
      credential.secret = required_string(body, "secret");
      break;
    case Credential::Kind::username_password:
      credential.user = required_string(body, "user");
      credential.secret = required_string(body, "password");
      break;
    case Credential::Kind::file:
      credential.file_name = required_string(body, "file_name");
      credential.secret = body.contains("content_base64")
                              ? decoded(body)
                              : required_string(body, "content");
      break;
  }
  return credential;
}

}  // namespace

void show_defaults(Context& context, Request& request, Response& response) {
  response.send_json(
      {{"text",
        context.configuration.defaults(scope_of(request)).value_or("")}});
}

void set_defaults(Context& context, Request& request, Response& response) {
  const std::string project = scope_of(request);
  const Json body = request.read_json(2 * kMaxDefaults);
  refuse_unknown_members(body, {"text"}, "pipeline defaults");
  const std::string text = required_string(body, "text");
  if (!text.empty()) {
    const auto faults = check_defaults(
        text, project.empty() ? Origin::system : Origin::project);
    std::string message;
    for (const PipelineDiagnostic& fault : faults) {
      message += (message.empty() ? "" : "\n") + fault.to_string();
    }
    if (!message.empty()) throw Error(ErrorCode::invalid, message);
  }
  context.services.db.write([&](Transaction& tx) {
    if (!project.empty()) {
      auth::require_project(context.services.accounts, project);
    }
    context.configuration.set_defaults(tx, project, text,
                                       context.services.clock.now());
    context.services.accounts.audit(tx, request.identity,
                                    "pipeline_defaults.set",
                                    or_system(project));
  });
  response.send_json({{"text", text}});
}

void show_project(Context& context, Request& request, Response& response) {
  const auto own = context.configuration.network(request.param("project"));
  response.send_json(
      {{"network", own ? Json(*own) : Json(nullptr)},
       {"effective_network",
        own.value_or(context.services.settings.text("ci.network"))}});
}

void set_project(Context& context, Request& request, Response& response) {
  const Json body = request.read_json();
  refuse_unknown_members(body, {"network"}, "pipeline settings");
  const std::string network = optional_string(body, "network");
  if (!network.empty() && network != "none" && network != "host") {
    fail(ErrorCode::invalid, "network: '{}' is neither none nor host", network);
  }
  const std::string& project = request.param("project");
  context.services.db.write([&](Transaction& tx) {
    auth::require_project(context.services.accounts, project);
    context.configuration.set_network(tx, project, network);
    context.services.accounts.audit(tx, request.identity,
                                    "pipeline_settings.set", project, network);
  });
  show_project(context, request, response);
}

void show_repository(Context& context, Request& request, Response& response) {
  response.send_json(
      {{"jenkinsfile",
        context.configuration.jenkinsfile(request.param("project"),
                                          request.param("repo"))}});
}

void set_repository(Context& context, Request& request, Response& response) {
  const Json body = request.read_json();
  refuse_unknown_members(body, {"jenkinsfile"}, "pipeline settings");
  const std::string path = clean_path(required_string(body, "jenkinsfile"));
  if (path.empty()) fail(ErrorCode::invalid, "jenkinsfile names no file");
  const std::string& project = request.param("project");
  const std::string& repo = request.param("repo");
  context.services.db.write([&](Transaction& tx) {
    // Throws not_found when there is no such repository.
    context.sources.resolve(project, repo, "HEAD");
    context.configuration.set_jenkinsfile(tx, project, repo, path);
    context.services.accounts.audit(tx, request.identity,
                                    "pipeline_settings.set",
                                    project + "/" + repo, path);
  });
  response.send_json({{"jenkinsfile", path}});
}

void list_credentials(Context& context, Request& request, Response& response) {
  Json out = Json::array();
  for (const CredentialInfo& one :
       context.credentials.list(request.param("project"))) {
    Json json = {{"id", one.id},
                 {"kind", to_string(one.kind)},
                 {"description", one.description},
                 {"changed", one.changed}};
    if (one.kind == Credential::Kind::username_password) json["user"] = one.user;
    if (one.kind == Credential::Kind::file) json["file_name"] = one.user;
    out.push_back(std::move(json));
  }
  response.send_json({{"credentials", out}});
}

void put_credential(Context& context, Request& request, Response& response) {
  const Json body = request.read_json();
  const std::string& project = request.param("project");
  const std::string id = required_string(body, "id");
  const std::string description = optional_string(body, "description");
  const Credential credential = read_credential(body);
  context.services.db.write([&](Transaction& tx) {
    auth::require_project(context.services.accounts, project);
    context.credentials.put(tx, project, id, credential, description,
                            context.services.clock.now());
    context.services.accounts.audit(tx, request.identity, "credential.set",
                                    project + "/" + id);
  });
  response.status = 201;
  response.send_json({{"id", id},
                      {"kind", to_string(credential.kind)},
                      {"description", description}});
}

void remove_credential(Context& context, Request& request, Response&) {
  const std::string& project = request.param("project");
  const std::string& id = request.param("id");
  context.services.db.write([&](Transaction& tx) {
    if (!context.credentials.remove(tx, project, id)) {
      fail(ErrorCode::not_found, "the project {} has no credential '{}'",
           project, id);
    }
    context.services.accounts.audit(tx, request.identity, "credential.delete",
                                    project + "/" + id);
  });
}

}  // namespace skerry::ci::routes
