// What one may do, and the rest of Service.
#include "core/auth/service.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/auth/audit.h"
#include "core/auth/projects.h"
#include "core/auth/scopes.h"
#include "core/auth/signed_token.h"
#include "core/auth/tokens.h"
#include "core/error.h"

namespace skerry::auth {
namespace {

using http::Access;
using http::Identity;

// A signed token without scopes must not count as one without limits.
constexpr std::string_view kNoScope = "repository:-:none";

std::optional<Role> needed_role(Access access) {
  switch (access) {
    case Access::project_viewer: return Role::viewer;
    case Access::project_developer: return Role::developer;
    case Access::project_maintainer: return Role::maintainer;
    case Access::project_admin: return Role::admin;
    default: return std::nullopt;
  }
}

std::optional<Role> role_for_action(std::string_view action) {
  if (action == "pull") return Role::viewer;
  if (action == "push") return Role::developer;
  if (action == "delete") return Role::maintainer;
  return std::nullopt;
}

}  // namespace

Service::Service(Database& db, const Clock& clock, const Settings& settings,
                 std::string key)
    : db_(db),
      clock_(clock),
      settings_(settings),
      key_(std::move(key)),
      throttle_(clock),
      cache_(clock) {}

std::vector<Setting> Service::settings() {
  return {
      {"accounts.session_idle", SettingType::duration, "8h",
       "How long a sign-in of the page lasts without a request", 60'000},
      {"accounts.session_lifetime", SettingType::duration, "168h",
       "How long a sign-in of the page lasts at most", 60'000},
      {"accounts.anyone_creates_projects", SettingType::boolean, "false",
       "Whether every user, not only a server admin, may create projects"},
  };
}

bool Service::allows(const Identity& identity, Access access,
                     std::string_view project) {
  switch (access) {
    case Access::anyone:
    case Access::in_handler: return true;
    case Access::signed_in: return !identity.anonymous();
    case Access::server_admin:
      return identity.server_admin &&
             scopes_allow_everything(identity.token_scopes);
    default: break;
  }
  const auto needed = needed_role(access);
  const auto role = role_in(identity, project);
  return needed && role && *role >= *needed;
}

bool Service::is_server_admin(const Identity& who) {
  if (who.token_scopes.empty() || who.user_id <= 0) return who.server_admin;
  // The identity's own flag is already cut by its token.
  const auto row = user_of(who.user_id);
  return row && row->user.server_admin;
}

std::optional<UserRow> Service::user_of(std::int64_t id) {
  return users_.get(fmt::to_string(id), [&] {
    return db_.read([&](Connection& db) { return find_user(db, id); });
  });
}

std::optional<Token> Service::token_of(std::int64_t id) {
  return tokens_.get(fmt::to_string(id), [&] {
    return db_.read([&](Connection& db) { return find_token(db, id); });
  });
}

// The role after all is said: the account's own, cut by the token's scopes, and
// what everybody may in a public project.
std::optional<Role> Service::effective_role(const Identity& who, bool admin,
                                            const ProjectAccess& access) {
  std::optional<Role> role;
  if (who.user_id > 0) role = admin ? Role::admin : access.role;
  if (who.user_id < 0) role = Role::admin;  // a robot has what its scopes say
  const auto limit = role_of_scopes(who.token_scopes, access.project.name);
  if (role && limit) {
    role = std::min(*role, *limit);
  } else {
    role.reset();
  }
  if (!role && access.project.is_public) role = Role::viewer;
  return role;
}

std::optional<Role> Service::role_in(const Identity& who,
                                     std::string_view project) {
  const std::int64_t user = std::max<std::int64_t>(0, who.user_id);
  const auto access = accesses_.get(fmt::format("{} {}", user, project), [&] {
    return db_.read(
        [&](Connection& db) { return project_access(db, project, user); });
  });
  if (!access) return std::nullopt;
  return effective_role(who, is_server_admin(who), *access);
}

std::vector<Project> Service::projects_of(const Identity& who) {
  const auto accesses = db_.read([&](Connection& db) {
    return project_accesses(db, std::max<std::int64_t>(0, who.user_id));
  });
  const bool admin = is_server_admin(who);
  std::vector<Project> visible;
  for (const ProjectAccess& access : accesses) {
    if (effective_role(who, admin, access)) visible.push_back(access.project);
  }
  return visible;
}

std::optional<Project> Service::find_project(std::string_view name) {
  return projects_.get(std::string(name), [&] {
    return db_.read(
        [&](Connection& db) { return auth::find_project(db, name); });
  });
}

Project Service::create_project(Transaction& tx, std::string_view name,
                                std::string_view description, bool is_public) {
  return insert_project(tx, name, description, is_public, clock_.now());
}

Accounts::NewToken Service::create_robot_token(
    Transaction& tx, std::string_view name, std::vector<std::string> scopes,
    std::optional<UnixMillis> expires) {
  Token token;
  token.name = name;
  token.scopes = std::move(scopes);
  token.expires = expires;
  return insert_token(tx, token, clock_.now());
}

std::string Service::issue_scoped_token(const Identity& who,
                                        std::vector<std::string> scopes,
                                        std::chrono::seconds lifetime) {
  if (scopes.empty()) scopes.emplace_back(kNoScope);
  for (const std::string& scope : scopes) {
    if (!may_hand_on(who.token_scopes, scope)) {
      fail(ErrorCode::denied, "{} cannot hand on the scope '{}'", who.name,
           scope);
    }
  }
  SignedClaims claims;
  claims.user_id = who.user_id;
  claims.name = who.name;
  claims.token_id = who.token_id;
  claims.scopes = std::move(scopes);
  claims.expires = clock_.now() + lifetime.count() * 1000;
  if (who.user_id > 0) {
    const auto row = user_of(who.user_id);
    if (!row) fail(ErrorCode::denied, "the user '{}' is gone", who.name);
    claims.epoch = row->epoch;
  }
  return sign_claims(key_, claims);
}

std::optional<Identity> Service::owner_of(const Identity& scoped) {
  Identity owner = scoped;
  owner.token_scopes.clear();
  if (scoped.user_id > 0) {
    const auto row = user_of(scoped.user_id);
    if (!row || row->user.disabled) return std::nullopt;
    owner.server_admin = row->user.server_admin;
  }
  if (scoped.token_id != 0) {
    const auto token = token_of(scoped.token_id);
    if (!token) return std::nullopt;
    owner.token_scopes = token->scopes;
  }
  return owner;
}

bool Service::allows_repository(const Identity& who, std::string_view project,
                                std::string_view repository,
                                std::string_view action) {
  const auto needed = role_for_action(action);
  if (!needed) return false;
  const std::string name = std::string(project) + "/" + std::string(repository);
  const auto holds = [&](const Identity& identity) {
    const auto role = role_in(identity, project);
    return role && *role >= *needed;
  };
  if (holds(who)) return true;
  if (!scopes_allow_repository(who.token_scopes, name, action)) return false;
  // What the signed token was got with must still allow it.
  const auto owner = owner_of(who);
  return owner && holds(*owner);
}

void Service::audit(Transaction& tx, const Identity& who,
                    std::string_view action, std::string_view subject,
                    std::string_view detail) {
  AuditEntry entry;
  entry.time = clock_.now();
  entry.actor = who.name;
  entry.action = action;
  entry.subject = subject;
  entry.detail = detail;
  insert_audit(tx, entry);
}

void Service::guard_projects(ProjectGuard guard) {
  guards_.push_back(std::move(guard));
}

void Service::check_removable(std::string_view project) const {
  std::vector<std::string> held;
  for (const ProjectGuard& guard : guards_) {
    std::string what = guard(project);
    if (!what.empty()) held.push_back(std::move(what));
  }
  if (held.empty()) return;
  fail(ErrorCode::conflict,
       "the project '{}' still holds {}; delete that first", project,
       fmt::join(held, ", "));
}

void require_project(Accounts& accounts, std::string_view name) {
  if (accounts.find_project(name)) return;
  fail(ErrorCode::not_found, "there is no project '{}'", name);
}

std::unique_ptr<Service> make_accounts(Database& db, const Clock& clock,
                                       const Settings& settings,
                                       std::string key) {
  return std::make_unique<Service>(db, clock, settings, std::move(key));
}

}  // namespace skerry::auth
