#include "core/auth/routes.h"
#include "core/auth/users.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr const char* kNewUserSchema =
    R"({"type":"object","required":["name","password"],"properties":{
    "name":{"type":"string"},"password":{"type":"string"},
    "display_name":{"type":"string"},"server_admin":{"type":"boolean"}}})";
constexpr const char* kChangeSchema =
    R"({"type":"object","properties":{"display_name":{"type":"string"},
    "password":{"type":"string"},"current_password":{"type":"string"},
    "server_admin":{"type":"boolean"},"disabled":{"type":"boolean"}}})";

// What a user may know of another: enough to add a member.
Json user_json(const UserRow& row, bool for_admin) {
  Json json = {{"name", row.user.name},
               {"display_name", row.user.display_name}};
  if (for_admin) {
    json["server_admin"] = row.user.server_admin;
    json["disabled"] = row.user.disabled;
    json["created"] = row.created;
  }
  return json;
}

UserRow required_user(Database& db, const std::string& name) {
  auto row = db.read([&](Connection& c) { return find_user(c, name); });
  if (!row) fail(ErrorCode::not_found, "there is no user '{}'", name);
  return std::move(*row);
}

void show_users(Database& db, const Request& request, Response& response) {
  Json users = Json::array();
  for (const UserRow& row :
       db.read([](Connection& c) { return list_users(c); })) {
    users.push_back(user_json(row, request.identity.server_admin));
  }
  response.send_json({{"users", std::move(users)}});
}

void show_user(Database& db, const Request& request, Response& response) {
  const UserRow row = required_user(db, request.param("user"));
  const bool all = request.identity.server_admin ||
                   row.user.id == request.identity.user_id;
  response.send_json(user_json(row, all));
}

void add_user(Service& accounts, Database& db, Request& request,
              Response& response) {
  const Json body = request.read_json();
  refuse_unknown_members(
      body, {"name", "password", "display_name", "server_admin"}, "a user");
  const std::string password = required_string(body, "password");
  check_password(password);
  NewUser user;
  user.name = required_string(body, "name");
  user.display_name = optional_string(body, "display_name");
  user.server_admin = optional_bool(body, "server_admin", false);
  user.password_hash = accounts.passwords().hash(password);
  const UserRow row = db.write([&](Transaction& tx) {
    accounts.audit(tx, request.identity, "user.create", user.name,
                   user.server_admin ? "server admin" : "");
    return insert_user(tx, user, accounts.now());
  });
  response.status = 201;
  response.send_json(user_json(row, true));
}

// One may change one's own display name and, knowing it, one's password.
void check_own_change(Service& accounts, const Request& request,
                      const std::string& name, const Json& body) {
  const http::Identity& who = request.identity;
  require_full_rights(who);
  if (who.name != name || body.contains("server_admin") ||
      body.contains("disabled")) {
    fail(ErrorCode::denied, "only a server admin may change this");
  }
  if (!body.contains("password")) return;
  const std::string current = required_string(body, "current_password");
  if (!accounts.check_password_of(name, current, request.remote_address)) {
    fail(ErrorCode::denied, "the current password is wrong");
  }
}

std::string change_text(const UserChange& change) {
  std::string text;
  const auto add = [&](std::string_view what) {
    if (!text.empty()) text += ", ";
    text += what;
  };
  if (change.display_name) add("display name");
  if (change.password_hash) add("password");
  if (change.server_admin) {
    add(*change.server_admin ? "made server admin" : "no longer server admin");
  }
  if (change.disabled) add(*change.disabled ? "disabled" : "enabled");
  return text;
}

void patch_user(Service& accounts, Database& db, Request& request,
                Response& response) {
  const std::string& name = request.param("user");
  const Json body = request.read_json();
  refuse_unknown_members(body,
                         {"display_name", "password", "current_password",
                          "server_admin", "disabled"},
                         "a change of a user");
  if (!accounts.allows(request.identity, Access::server_admin, {})) {
    check_own_change(accounts, request, name, body);
  }
  UserChange change;
  change.display_name = member_string(body, "display_name");
  change.server_admin = member_bool(body, "server_admin");
  change.disabled = member_bool(body, "disabled");
  if (const auto password = member_string(body, "password")) {
    check_password(*password);
    required_user(db, name);
    change.password_hash = accounts.passwords().hash(*password);
  }
  db.write([&](Transaction& tx) {
    change_user(tx, name, change);
    accounts.audit(tx, request.identity, "user.change", name,
                   change_text(change));
  });
  response.send_json(user_json(required_user(db, name), true));
}

void delete_user(Service& accounts, Database& db, const Request& request) {
  const std::string& name = request.param("user");
  if (name == request.identity.name) {
    fail(ErrorCode::conflict, "you cannot remove yourself");
  }
  db.write([&](Transaction& tx) {
    remove_user(tx, name);
    accounts.audit(tx, request.identity, "user.delete", name, {});
  });
}

}  // namespace

std::vector<http::Route> user_routes(Service& accounts, Database& db) {
  return {
      {"GET", "/api/v1/users", Access::signed_in,
       [&](Request& q, Response& r) { show_users(db, q, r); },
       "List the users"},
      {"POST", "/api/v1/users", Access::server_admin,
       [&](Request& q, Response& r) { add_user(accounts, db, q, r); },
       "Make a user", http::Dialect::api, 1u << 16, kNewUserSchema},
      {"GET", "/api/v1/users/{user}", Access::signed_in,
       [&](Request& q, Response& r) { show_user(db, q, r); }, "Show a user"},
      {"PATCH", "/api/v1/users/{user}", Access::signed_in,
       [&](Request& q, Response& r) { patch_user(accounts, db, q, r); },
       "Change a user: server admins everything, others their own name and "
       "password",
       http::Dialect::api, 1u << 16, kChangeSchema},
      {"DELETE", "/api/v1/users/{user}", Access::server_admin,
       [&](Request& q, Response&) { delete_user(accounts, db, q); },
       "Remove a user"},
  };
}

}  // namespace skerry::auth
