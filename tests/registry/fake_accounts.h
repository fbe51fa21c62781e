// Accounts in memory: the users admin (everything), dev (developer of demo),
// viewer (viewer of demo), all with the password "secret"; the projects demo
// and other, and open, which anyone may read.
#pragma once

#include <map>
#include <string>

#include "core/auth/accounts.h"
#include "core/os/mutex.h"
#include "core/text/encoding.h"

namespace skerry::registry {

class FakeAccounts : public auth::Accounts {
 public:
  FakeAccounts() {
    for (const char* name : {"demo", "other", "open"}) add_project(name);
  }

  void add_project(const std::string& name) {
    MutexLock lock(mutex_);
    auth::Project project;
    project.id = ++last_project_;
    project.name = name;
    project.is_public = name == "open";
    projects_[name] = project;
  }
  void remove_project(const std::string& name) {
    MutexLock lock(mutex_);
    projects_.erase(name);
  }

  http::Identity identify(const http::Request& request) override {
    const auto header = request.header("Authorization");
    if (!header) return {0, "anonymous"};
    if (header->starts_with("Bearer ")) {
      MutexLock lock(mutex_);
      const auto it = tokens_.find(std::string(header->substr(7)));
      if (it != tokens_.end()) return it->second;
    } else if (header->starts_with("Basic ")) {
      const auto pair = from_base64(header->substr(6)).value_or("");
      const auto colon = pair.find(':');
      if (colon != std::string::npos) {
        auto who = check_credentials(pair.substr(0, colon),
                                     pair.substr(colon + 1), "");
        if (who) return *who;
      }
    }
    throw http::ProtocolError(401, "UNAUTHORIZED", "wrong credentials");
  }

  bool allows(const http::Identity& who, http::Access access,
              std::string_view project) override {
    switch (access) {
      case http::Access::anyone:
      case http::Access::in_handler:
        return true;
      case http::Access::signed_in:
        return !who.anonymous();
      case http::Access::project_viewer:
        return allows_repository(who, project, "", "pull");
      case http::Access::project_developer:
        return allows_repository(who, project, "", "push");
      default:
        return who.server_admin;
    }
  }

  bool allows_repository(const http::Identity& who, std::string_view project,
                         std::string_view repository,
                         std::string_view action) override {
    if (!scopes_allow(who.token_scopes, project, repository, action)) {
      return false;
    }
    const auto found = find_project(project);
    if (!found) return who.server_admin;
    if (who.server_admin) return true;
    if (action == "pull" && found->is_public) return true;
    if (project != "demo" || who.anonymous()) return false;
    return action == "pull" || (action == "push" && who.name == "dev");
  }

  std::optional<auth::Project> find_project(std::string_view name) override {
    MutexLock lock(mutex_);
    const auto it = projects_.find(name);
    if (it == projects_.end()) return {};
    return it->second;
  }
  std::vector<auth::Project> projects_of(const http::Identity&) override {
    MutexLock lock(mutex_);
    std::vector<auth::Project> all;
    for (const auto& [name, project] : projects_) all.push_back(project);
    return all;
  }
  auth::Project create_project(Transaction&, std::string_view name,
                               std::string_view, bool) override {
    add_project(std::string(name));
    return *find_project(name);
  }
  std::optional<auth::Role> role_in(const http::Identity&,
                                    std::string_view) override {
    return {};
  }

  std::optional<http::Identity> check_credentials(
      std::string_view user, std::string_view secret,
      std::string_view) override {
    if (secret != "secret") return {};
    if (user == "admin") return http::Identity{1, "admin", true};
    if (user == "dev") return http::Identity{2, "dev"};
    if (user == "viewer") return http::Identity{3, "viewer"};
    return {};
  }
  NewToken create_robot_token(Transaction&, std::string_view,
                              std::vector<std::string>,
                              std::optional<UnixMillis>) override {
    fail(ErrorCode::internal, "the fake has no robots");
  }
  std::string issue_scoped_token(const http::Identity& who,
                                 std::vector<std::string> scopes,
                                 std::chrono::seconds) override {
    MutexLock lock(mutex_);
    auto token = "sks_" + std::to_string(tokens_.size());
    auto narrow = who;
    narrow.token_scopes = std::move(scopes);
    tokens_[token] = std::move(narrow);
    return token;
  }
  void audit(Transaction&, const http::Identity&, std::string_view action,
             std::string_view subject, std::string_view) override {
    MutexLock lock(mutex_);
    audited_.push_back(std::string(action) + " " + std::string(subject));
  }
  std::vector<std::string> audited() {
    MutexLock lock(mutex_);
    return audited_;
  }

 private:
  static bool scopes_allow(const std::vector<std::string>& scopes,
                           std::string_view project,
                           std::string_view repository,
                           std::string_view action) {
    if (scopes.empty()) return true;
    const auto prefix = "repository:" + std::string(project) + "/" +
                        std::string(repository) + ":";
    for (const auto& scope : scopes) {
      if (scope == "read" && action == "pull") return true;
      if (scope.starts_with(prefix) &&
          scope.find(action, prefix.size()) != std::string::npos) {
        return true;
      }
    }
    return false;
  }

  Mutex mutex_;
  std::int64_t last_project_ GUARDED_BY(mutex_) = 0;
  std::map<std::string, auth::Project, std::less<>> projects_
      GUARDED_BY(mutex_);
  std::map<std::string, http::Identity> tokens_ GUARDED_BY(mutex_);
  std::vector<std::string> audited_ GUARDED_BY(mutex_);
};

}  // namespace skerry::registry
