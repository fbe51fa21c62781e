#include "core/auth/routes.h"
#include "core/auth/scopes.h"
#include "core/auth/tokens.h"
#include "core/error.h"
#include "core/text/number.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr const char* kTokenSchema =
    R"({"type":"object","required":["name","scopes"],"properties":{
    "name":{"type":"string"},"scopes":{"type":"array","items":{
    "type":"string"}},"expires":{"type":["integer","null"]}}})";
constexpr const char* kNewTokenSchema =
    R"({"type":"object","properties":{"token":{"type":"object"},
    "secret":{"type":"string"}}})";

Json token_json(const Token& token) {
  Json json = {{"id", token.id},           {"name", token.name},
               {"scopes", token.scopes},   {"created", token.created},
               {"expires", nullptr},       {"last_used", nullptr}};
  if (token.expires) json["expires"] = *token.expires;
  if (token.last_used) json["last_used"] = *token.last_used;
  return json;
}

void send_tokens(Response& response, const std::vector<Token>& tokens) {
  Json list = Json::array();
  for (const Token& token : tokens) list.push_back(token_json(token));
  response.send_json({{"tokens", std::move(list)}});
}

Token read_token(Request& request) {
  const Json body = request.read_json();
  refuse_unknown_members(body, {"name", "scopes", "expires"}, "a token");
  Token token;
  token.name = required_string(body, "name");
  token.expires = member_int(body, "expires");
  const auto scopes = body.find("scopes");
  if (scopes == body.end() || !scopes->is_array()) {
    fail(ErrorCode::invalid, "'scopes' must be a list of strings");
  }
  for (const Json& scope : *scopes) {
    if (!scope.is_string()) {
      fail(ErrorCode::invalid, "'scopes' must be a list of strings");
    }
    token.scopes.push_back(scope.get<std::string>());
  }
  return token;
}

std::int64_t token_id(const Request& request) {
  const std::string& text = request.param("id");
  const auto id = parse_number<std::int64_t>(text);
  if (!id) fail(ErrorCode::not_found, "there is no token '{}'", text);
  return *id;
}

void send_new(Response& response, const Accounts::NewToken& made) {
  response.status = 201;
  response.send_json(
      {{"token", token_json(made.token)}, {"secret", made.secret}});
}

void show_own(Database& db, const Request& request, Response& response) {
  require_full_rights(request.identity);
  send_tokens(response, db.read([&](Connection& c) {
    return list_user_tokens(c, request.identity.user_id);
  }));
}

void add_own(Service& accounts, Database& db, Request& request,
             Response& response) {
  require_full_rights(request.identity);
  Token token = read_token(request);
  token.user_id = request.identity.user_id;
  send_new(response, db.write([&](Transaction& tx) {
    accounts.audit(tx, request.identity, "token.create", token.name,
                   join_scopes(token.scopes));
    return insert_token(tx, token, accounts.now());
  }));
}

void delete_own(Service& accounts, Database& db, const Request& request) {
  require_full_rights(request.identity);
  const std::int64_t id = token_id(request);
  db.write([&](Transaction& tx) {
    const auto token = find_token(tx.connection(), id);
    if (!token || token->user_id != request.identity.user_id) {
      fail(ErrorCode::not_found, "you have no token {}", id);
    }
    remove_token(tx, id);
    accounts.audit(tx, request.identity, "token.delete", token->name, {});
  });
}

Project project_of(Service& accounts, const Request& request) {
  const std::string& name = request.param("project");
  auto project = accounts.find_project(name);
  if (!project) fail(ErrorCode::not_found, "there is no project '{}'", name);
  return std::move(*project);
}

void show_robots(Service& accounts, Database& db, const Request& request,
                 Response& response) {
  const Project project = project_of(accounts, request);
  send_tokens(response, db.read([&](Connection& c) {
    return list_project_tokens(c, project.id);
  }));
}

void add_robot(Service& accounts, Database& db, Request& request,
               Response& response) {
  const Project project = project_of(accounts, request);
  const Token token = read_token(request);
  check_scopes(token.scopes, true);
  if (single_project(token.scopes) != project.name) {
    fail(ErrorCode::invalid, "the robot's scopes must be 'project:{}:<role>'",
         project.name);
  }
  send_new(response, db.write([&](Transaction& tx) {
    accounts.audit(tx, request.identity, "robot.create",
                   project.name + "/" + token.name, join_scopes(token.scopes));
    return accounts.create_robot_token(tx, token.name, token.scopes,
                                       token.expires);
  }));
}

void delete_robot(Service& accounts, Database& db, const Request& request) {
  const Project project = project_of(accounts, request);
  const std::int64_t id = token_id(request);
  db.write([&](Transaction& tx) {
    const auto token = find_token(tx.connection(), id);
    if (!token || !is_project_token(tx.connection(), id, project.id)) {
      fail(ErrorCode::not_found, "the project '{}' has no token {}",
           project.name, id);
    }
    remove_token(tx, id);
    accounts.audit(tx, request.identity, "robot.delete",
                   project.name + "/" + token->name, {});
  });
}

}  // namespace

std::vector<http::Route> token_routes(Service& accounts, Database& db) {
  constexpr std::uint64_t kBody = 1u << 16;
  return {
      {"GET", "/api/v1/tokens", Access::signed_in,
       [&](Request& q, Response& r) { show_own(db, q, r); },
       "List one's own tokens"},
      {"POST", "/api/v1/tokens", Access::signed_in,
       [&](Request& q, Response& r) { add_own(accounts, db, q, r); },
       "Make a token; its secret is shown once", http::Dialect::api, kBody,
       kTokenSchema, kNewTokenSchema},
      {"DELETE", "/api/v1/tokens/{id}", Access::signed_in,
       [&](Request& q, Response&) { delete_own(accounts, db, q); },
       "Remove one of one's tokens"},
      {"GET", "/api/v1/projects/{project}/tokens", Access::project_admin,
       [&](Request& q, Response& r) { show_robots(accounts, db, q, r); },
       "List a project's robot tokens"},
      {"POST", "/api/v1/projects/{project}/tokens", Access::project_admin,
       [&](Request& q, Response& r) { add_robot(accounts, db, q, r); },
       "Make a robot token; its secret is shown once", http::Dialect::api,
       kBody, kTokenSchema, kNewTokenSchema},
      {"DELETE", "/api/v1/projects/{project}/tokens/{id}",
       Access::project_admin,
       [&](Request& q, Response&) { delete_robot(accounts, db, q); },
       "Remove a robot token"},
  };
}

}  // namespace skerry::auth
