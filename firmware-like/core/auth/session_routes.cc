#include <fmt/format.h>

#include "core/auth/routes.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Request;
using http::Response;

constexpr const char* kSignInSchema =
    R"({"type":"object","required":["user","password"],"properties":{
    "user":{"type":"string"},"password":{"type":"string"}}})";
constexpr const char* kSessionSchema =
    R"({"type":"object","properties":{"user":{"type":"object","properties":{
    "name":{"type":"string"},"display_name":{"type":"string"},
    "server_admin":{"type":"boolean"}}},"csrf":{"type":"string"}}})";

std::string set_cookie(std::string_view value, UnixMillis lifetime, bool tls) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}",
                     kSessionCookie, value, lifetime / 1000,
                     tls ? "; Secure" : "");
}

Json session_json(std::string_view name, std::string_view display_name,
                  bool server_admin, std::string_view csrf) {
  return {{"user",
           {{"name", name},
            {"display_name", display_name},
            {"server_admin", server_admin}}},
          {"csrf", csrf}};
}

void sign_in(Service& accounts, Request& request, Response& response) {
  // A form on another site can only send the types that forms have.
  const auto type = request.header("Content-Type").value_or("");
  if (!type.starts_with("application/json")) {
    fail(ErrorCode::invalid, "send the sign-in as application/json");
  }
  const Json body = request.read_json(16u << 10);
  refuse_unknown_members(body, {"user", "password"}, "the sign-in");
  const auto session =
      accounts.sign_in(required_string(body, "user"),
                       required_string(body, "password"),
                       request.remote_address);
  const User& user = session.user.user;
  response.header("Set-Cookie",
                  set_cookie(session.cookie, session.lifetime, request.tls));
  response.send_json(session_json(user.name, user.display_name,
                                  user.server_admin, session.csrf));
}

void show_session(Service& accounts, const Request& request,
                  Response& response) {
  const http::Identity& who = request.identity;
  response.send_json(session_json(who.name, accounts.display_name_of(who),
                                  who.server_admin,
                                  accounts.csrf_of(request)));
}

void sign_out(Service& accounts, const Request& request, Response& response) {
  accounts.sign_out(request);
  response.header("Set-Cookie", set_cookie("", 0, request.tls));
}

}  // namespace

std::vector<http::Route> session_routes(Service& accounts) {
  return {
      {"POST", "/api/v1/session", Access::anyone,
       [&](Request& q, Response& r) { sign_in(accounts, q, r); },
       "Sign in with a password; sets the session cookie", http::Dialect::api,
       16u << 10, kSignInSchema, kSessionSchema},
      {"GET", "/api/v1/session", Access::signed_in,
       [&](Request& q, Response& r) { show_session(accounts, q, r); },
       "Who is signed in", http::Dialect::api, 0, {}, kSessionSchema},
      {"DELETE", "/api/v1/session", Access::signed_in,
       [&](Request& q, Response& r) { sign_out(accounts, q, r); },
       "Sign out"},
  };
}

}  // namespace skerry::auth
