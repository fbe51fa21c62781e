#include "core/auth/scopes.h"

#include <algorithm>

#include "core/auth/names.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

constexpr std::size_t kMostScopes = 64;
constexpr std::string_view kProject = "project:";
constexpr std::string_view kRepository = "repository:";

struct ProjectScope {
  std::string_view project;
  Role role;
};

std::optional<ProjectScope> parse_project_scope(std::string_view scope) {
  if (!scope.starts_with(kProject)) return std::nullopt;
  scope.remove_prefix(kProject.size());
  const std::size_t colon = scope.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto role = parse_role(scope.substr(colon + 1));
  const std::string_view project = scope.substr(0, colon);
  if (!role || !is_project_name(project)) return std::nullopt;
  return ProjectScope{project, *role};
}

std::optional<Role> role_of_scope(std::string_view scope,
                                  std::string_view project) {
  if (scope == "read") return Role::viewer;
  if (scope == "write") return Role::developer;
  if (scope == "admin") return Role::admin;
  const auto parsed = parse_project_scope(scope);
  if (parsed && parsed->project == project) return parsed->role;
  return std::nullopt;
}

bool has_member(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view member = list.substr(0, end);
    if (member == wanted || member == "*") return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

void check_scopes(const Scopes& scopes, bool for_robot) {
  if (scopes.empty() || scopes.size() > kMostScopes) {
    fail(ErrorCode::invalid, "a token has 1 to {} scopes", kMostScopes);
  }
  for (const std::string& scope : scopes) {
    const bool wide = scope == "read" || scope == "write" || scope == "admin";
    if (wide && for_robot) {
      fail(ErrorCode::invalid,
           "a robot's scopes name a project: 'project:<name>:<role>', not '{}'",
           scope);
    }
    if (!wide && !parse_project_scope(scope)) {
      fail(ErrorCode::invalid,
           "'{}' is no scope: give read, write, admin or "
           "project:<name>:<viewer|developer|maintainer|admin>",
           scope);
    }
  }
}

std::optional<std::string> single_project(const Scopes& scopes) {
  std::optional<std::string> project;
  for (const std::string& scope : scopes) {
    const auto parsed = parse_project_scope(scope);
    if (!parsed || (project && *project != parsed->project)) {
      return std::nullopt;
    }
    project = parsed->project;
  }
  return project;
}

std::optional<Role> role_of_scopes(const Scopes& scopes,
                                   std::string_view project) {
  if (scopes.empty()) return Role::admin;
  std::optional<Role> highest;
  for (const std::string& scope : scopes) {
    const auto role = role_of_scope(scope, project);
    if (role && (!highest || *role > *highest)) highest = role;
  }
  return highest;
}

bool scopes_allow_everything(const Scopes& scopes) {
  return scopes.empty() ||
         std::find(scopes.begin(), scopes.end(), "admin") != scopes.end();
}

bool may_hand_on(const Scopes& scopes, std::string_view scope) {
  if (scope.starts_with(kRepository)) return true;
  if (const auto parsed = parse_project_scope(scope)) {
    const auto own = role_of_scopes(scopes, parsed->project);
    return own && *own >= parsed->role;
  }
  // What holds everywhere must be had everywhere: no project has this name.
  const auto wanted = role_of_scope(scope, "");
  const auto own = role_of_scopes(scopes, "");
  return wanted && own && *own >= *wanted;
}

bool scopes_allow_repository(const Scopes& scopes, std::string_view repository,
                             std::string_view action) {
  return std::any_of(scopes.begin(), scopes.end(), [&](std::string_view scope) {
    if (!scope.starts_with(kRepository)) return false;
    scope.remove_prefix(kRepository.size());
    const std::size_t colon = scope.rfind(':');
    return colon != std::string_view::npos &&
           scope.substr(0, colon) == repository &&
           has_member(scope.substr(colon + 1), action);
  });
}

std::string join_scopes(const Scopes& scopes) {
  std::string text;
  for (const std::string& scope : scopes) {
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

Scopes split_scopes(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    scopes.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

}  // namespace skerry::auth
