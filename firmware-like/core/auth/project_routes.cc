#include "core/auth/projects.h"
#include "core/auth/routes.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Identity;
using http::Request;
using http::Response;

constexpr const char* kProjectSchema =
    R"({"type":"object","required":["name"],"properties":{
    "name":{"type":"string"},"description":{"type":"string"},
    "is_public":{"type":"boolean"}}})";
constexpr const char* kProjectChangeSchema =
    R"({"type":"object","properties":{"description":{"type":"string"},
    "is_public":{"type":"boolean"}}})";
constexpr const char* kMemberSchema =
    R"({"type":"object","required":["role"],"properties":{"role":{
    "type":"string","enum":["viewer","developer","maintainer","admin"]}}})";

Json project_json(Service& accounts, const Project& project,
                  const Identity& who) {
  Json json = {{"name", project.name},
               {"description", project.description},
               {"is_public", project.is_public},
               {"created", project.created},
               {"role", nullptr}};
  if (const auto role = accounts.role_in(who, project.name)) {
    json["role"] = to_string(*role);
  }
  return json;
}

Project required_project(Service& accounts, const std::string& name) {
  auto project = accounts.find_project(name);
  if (!project) fail(ErrorCode::not_found, "there is no project '{}'", name);
  return std::move(*project);
}

void show_projects(Service& accounts, const Request& request,
                   Response& response) {
  Json projects = Json::array();
  for (const Project& project : accounts.projects_of(request.identity)) {
    projects.push_back(project_json(accounts, project, request.identity));
  }
  response.send_json({{"projects", std::move(projects)}});
}

void show_project(Service& accounts, const Request& request,
                  Response& response) {
  const Project project = required_project(accounts, request.param("project"));
  response.send_json(project_json(accounts, project, request.identity));
}

void add_project(Service& accounts, Database& db, const Settings& settings,
                 Request& request, Response& response) {
  const Identity& who = request.identity;
  require_full_rights(who);
  if (!who.server_admin &&
      !settings.boolean("accounts.anyone_creates_projects")) {
    fail(ErrorCode::denied, "only a server admin may create projects here");
  }
  const Json body = request.read_json();
  refuse_unknown_members(body, {"name", "description", "is_public"},
                         "a project");
  const std::string name = required_string(body, "name");
  const std::string description = optional_string(body, "description");
  const bool is_public = optional_bool(body, "is_public", false);
  const Project project = db.write([&](Transaction& tx) {
    Project made = accounts.create_project(tx, name, description, is_public);
    if (!who.server_admin) set_member(tx, made.id, who.user_id, Role::admin);
    accounts.audit(tx, who, "project.create", name,
                   is_public ? "public" : "private");
    return made;
  });
  response.status = 201;
  response.send_json(project_json(accounts, project, who));
}

void patch_project(Service& accounts, Database& db, Request& request,
                   Response& response) {
  const std::string& name = request.param("project");
  const Json body = request.read_json();
  refuse_unknown_members(body, {"description", "is_public"},
                         "a change of a project");
  const auto description = member_string(body, "description");
  const auto is_public = member_bool(body, "is_public");
  db.write([&](Transaction& tx) {
    change_project(tx, name, description, is_public);
    std::string detail = description ? "description" : "";
    if (is_public) detail += *is_public ? " public" : " private";
    accounts.audit(tx, request.identity, "project.change", name, detail);
  });
  show_project(accounts, request, response);
}

// What nobody can delete by hand goes by the event's followers, in the same
// transaction; members and robot tokens go with the row.
void delete_project(Service& accounts, Database& db, EventLog& events,
                    const Request& request) {
  const std::string& name = request.param("project");
  db.write_alone([&](Transaction& tx) {
    const Project project = required_project(accounts, name);
    accounts.check_removable(name);
    events.append(tx, "ProjectDeleted", name, fmt::to_string(project.id));
    remove_project(tx, name);
    accounts.audit(tx, request.identity, "project.delete", name, {});
  });
}

void show_members(Service& accounts, Database& db, const Request& request,
                  Response& response) {
  if (request.identity.anonymous()) {
    fail(ErrorCode::denied, "sign in to see the members");
  }
  const Project project = required_project(accounts, request.param("project"));
  Json members = Json::array();
  for (const Member& member : db.read(
           [&](Connection& c) { return list_members(c, project.id); })) {
    members.push_back({{"user", member.user},
                       {"display_name", member.display_name},
                       {"role", to_string(member.role)}});
  }
  response.send_json({{"members", std::move(members)}});
}

std::int64_t required_user_id(Transaction& tx, const std::string& name) {
  const auto row = find_user(tx.connection(), name);
  if (!row) fail(ErrorCode::not_found, "there is no user '{}'", name);
  return row->user.id;
}

void put_member(Service& accounts, Database& db, Request& request,
                Response& response) {
  const Json body = request.read_json();
  refuse_unknown_members(body, {"role"}, "a member");
  const std::string text = required_string(body, "role");
  const auto role = parse_role(text);
  if (!role) {
    fail(ErrorCode::invalid,
         "'{}' is no role: give viewer, developer, maintainer or admin", text);
  }
  const Project project = required_project(accounts, request.param("project"));
  const std::string& user = request.param("user");
  db.write([&](Transaction& tx) {
    set_member(tx, project.id, required_user_id(tx, user), *role);
    accounts.audit(tx, request.identity, "member.set",
                   project.name + "/" + user, text);
  });
  response.send_json({{"user", user}, {"role", text}});
}

void delete_member(Service& accounts, Database& db, const Request& request) {
  const Project project = required_project(accounts, request.param("project"));
  const std::string& user = request.param("user");
  db.write([&](Transaction& tx) {
    if (!remove_member(tx, project.id, required_user_id(tx, user))) {
      fail(ErrorCode::not_found, "'{}' is no member of '{}'", user,
           project.name);
    }
    accounts.audit(tx, request.identity, "member.remove",
                   project.name + "/" + user, {});
  });
}

}  // namespace

std::vector<http::Route> project_routes(Service& accounts, Database& db,
                                        const Settings& settings,
                                        EventLog& events) {
  return {
      {"GET", "/api/v1/projects", Access::in_handler,
       [&](Request& q, Response& r) { show_projects(accounts, q, r); },
       "List the projects that one may see"},
      {"POST", "/api/v1/projects", Access::signed_in,
       [&](Request& q, Response& r) {
         add_project(accounts, db, settings, q, r);
       },
       "Make a project", http::Dialect::api, 1u << 16, kProjectSchema},
      {"GET", "/api/v1/projects/{project}", Access::project_viewer,
       [&](Request& q, Response& r) { show_project(accounts, q, r); },
       "Show a project"},
      {"PATCH", "/api/v1/projects/{project}", Access::project_admin,
       [&](Request& q, Response& r) { patch_project(accounts, db, q, r); },
       "Change a project", http::Dialect::api, 1u << 16, kProjectChangeSchema},
      {"DELETE", "/api/v1/projects/{project}", Access::project_admin,
       [&](Request& q, Response&) { delete_project(accounts, db, events, q); },
       "Delete a project that holds nothing any more"},
      {"GET", "/api/v1/projects/{project}/members", Access::project_viewer,
       [&](Request& q, Response& r) { show_members(accounts, db, q, r); },
       "List a project's members"},
      {"PUT", "/api/v1/projects/{project}/members/{user}",
       Access::project_admin,
       [&](Request& q, Response& r) { put_member(accounts, db, q, r); },
       "Give a user a role", http::Dialect::api, 1u << 16, kMemberSchema},
      {"DELETE", "/api/v1/projects/{project}/members/{user}",
       Access::project_admin,
       [&](Request& q, Response&) { delete_member(accounts, db, q); },
       "Take a user's role"},
  };
}

}  // namespace skerry::auth
