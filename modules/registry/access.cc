#include "access.h"

#include <fmt/format.h>

#include "errors.h"

namespace skerry::registry {
namespace {

std::string_view scope_actions(Action action) {
  switch (action) {
    case Action::pull:
      return "pull";
    case Action::push:
      return "pull,push";
    case Action::remove:
      return "delete";
  }
  return "pull";
}

std::string_view verb(Action action) {
  switch (action) {
    case Action::pull:
      return "read";
    case Action::push:
      return "push to";
    case Action::remove:
      return "delete in";
  }
  return "read";
}

// Was the caller identified by a token of /v2/token?
bool has_signed_token(const http::Identity& who) {
  return !who.token_scopes.empty() &&
         who.token_scopes.front().starts_with("repository:");
}

// True when the owner of this token may do what it may not: asked with the
// token that would be got anew.
bool wider_token_helps(auth::Accounts& accounts, http::Identity who,
                       Action action, const Place& place) {
  if (!has_signed_token(who)) return false;
  who.token_scopes = {
      fmt::format("repository:{}:{}", place.full_name(), to_string(action))};
  return may(accounts, who, action, place.project, place.repository);
}

}  // namespace

std::string_view to_string(Action action) {
  switch (action) {
    case Action::pull:
      return "pull";
    case Action::push:
      return "push";
    case Action::remove:
      return "delete";
  }
  return "";
}

bool may(auth::Accounts& accounts, const http::Identity& who, Action action,
         std::string_view project, std::string_view repository) {
  return accounts.allows_repository(who, project, repository,
                                    to_string(action));
}

bool owner_may(auth::Accounts& accounts, const http::Identity& who,
               Action action, const Place& place) {
  return may(accounts, who, action, place.project, place.repository) ||
         wider_token_helps(accounts, who, action, place);
}

void challenge(const http::Request& request, std::string_view scope,
               std::string message) {
  auto value = fmt::format("Bearer realm=\"{}/v2/token\",service=\"skerry\"",
                           request.base_url);
  if (!scope.empty()) value += fmt::format(",scope=\"{}\"", scope);
  if (!request.identity.token_scopes.empty()) {
    value += ",error=\"insufficient_scope\"";
  }
  throw http::ProtocolError(401, "UNAUTHORIZED", std::move(message),
                            {{"WWW-Authenticate", std::move(value)}});
}

void challenge_for_source(auth::Accounts& accounts,
                          const http::Request& request, const Place& place,
                          const FullName& source) {
  const Place from{0, source.project, source.repository};
  if (!wider_token_helps(accounts, request.identity, Action::pull, from)) {
    return;
  }
  challenge(request,
            fmt::format("repository:{}:pull,push repository:{}:pull",
                        place.full_name(), from.full_name()),
            fmt::format("the token does not cover '{}'", from.full_name()));
}

Place enter(auth::Accounts& accounts, const http::Request& request,
            Action action) {
  return enter_place(accounts, request, action,
                     {0, request.param("project"), request.param("name")});
}

Place enter_place(auth::Accounts& accounts, const http::Request& request,
                  Action action, Place place) {
  const auto full_name = place.full_name();
  if (!is_repository_name(full_name)) fail_name_invalid(full_name);
  const auto& who = request.identity;
  const bool allowed =
      may(accounts, who, action, place.project, place.repository);
  const auto project = accounts.find_project(place.project);
  if (project && allowed) {
    place.project_id = project->id;
    return place;
  }
  const auto scope =
      fmt::format("repository:{}:{}", full_name, scope_actions(action));
  if (who.anonymous()) {
    challenge(request, scope,
              fmt::format("sign in to {} '{}'", verb(action), full_name));
  }
  if (!project) {
    fail_name_unknown(
        fmt::format("there is no project '{}': make it on the page or with "
                    "POST /api/v1/projects, then push again",
                    place.project));
  }
  auto refusal = fmt::format("{} may not {} project '{}'", who.name,
                             verb(action), place.project);
  if (wider_token_helps(accounts, who, action, place)) {
    challenge(request, scope, std::move(refusal));
  }
  fail_denied(std::move(refusal));
}

}  // namespace skerry::registry
