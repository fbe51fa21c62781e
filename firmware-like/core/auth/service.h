// The accounts of the server: who asks, what they may do, and signing in.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"
#include "core/auth/credential_cache.h"
#include "core/auth/password.h"
#include "core/auth/projects.h"
#include "core/auth/sessions.h"
#include "core/auth/throttle.h"
#include "core/auth/users.h"
#include "core/auth/tokens.h"
#include "core/config/settings.h"
#include "core/store/memo.h"

namespace skerry::auth {

inline constexpr std::string_view kSessionCookie = "skerry_session";
inline constexpr std::string_view kCsrfHeader = "X-Skerry-CSRF";

// Thread-safe.
class Service : public Accounts {
 public:
  // `key` has 32 bytes, stays the same over restarts and signs scoped tokens.
  // The constructor touches neither the database nor the settings.
  Service(Database& db, const Clock& clock, const Settings& settings,
          std::string key);

  http::Identity identify(const http::Request& request) override;
  bool allows(const http::Identity& identity, http::Access access,
              std::string_view project) override;

  std::optional<Project> find_project(std::string_view name) override;
  std::vector<Project> projects_of(const http::Identity& who) override;
  Project create_project(Transaction& tx, std::string_view name,
                         std::string_view description,
                         bool is_public) override;
  std::optional<Role> role_in(const http::Identity& who,
                              std::string_view project) override;
  std::optional<http::Identity> check_credentials(
      std::string_view user, std::string_view secret,
      std::string_view remote_address) override;
  NewToken create_robot_token(Transaction& tx, std::string_view name,
                              std::vector<std::string> scopes,
                              std::optional<UnixMillis> expires) override;
  std::string issue_scoped_token(const http::Identity& who,
                                 std::vector<std::string> scopes,
                                 std::chrono::seconds lifetime) override;
  bool allows_repository(const http::Identity& who, std::string_view project,
                         std::string_view repository,
                         std::string_view action) override;
  void audit(Transaction& tx, const http::Identity& who,
             std::string_view action, std::string_view subject,
             std::string_view detail) override;

  struct SignedIn {
    UserRow user;
    std::string cookie;
    std::string csrf;
    UnixMillis lifetime;  // of the cookie
  };
  // With a password, not a token. Throws ProtocolError 401 or 429.
  SignedIn sign_in(std::string_view user, std::string_view password,
                   std::string_view remote_address);
  void sign_out(const http::Request& request);
  std::string display_name_of(const http::Identity& who);
  // Of the request's session; empty without one.
  std::string csrf_of(const http::Request& request) const;
  // The password's owner, or nothing; throttled.
  std::optional<UserRow> check_password_of(std::string_view user,
                                           std::string_view password,
                                           std::string_view remote_address);

  // A guard says what a project still holds ("2 repositories"), or ""; a
  // project is removed only when all guards are silent. It is asked within the
  // write that removes the project, so it may read but not write. Before the
  // server starts.
  using ProjectGuard = std::function<std::string(std::string_view project)>;
  void guard_projects(ProjectGuard guard);
  // Throws conflict with all that it holds.
  void check_removable(std::string_view project) const;

  PasswordHasher& passwords() { return passwords_; }
  UnixMillis now() const { return clock_.now(); }

  static std::vector<Setting> settings();

 private:
  http::Identity from_authorization(std::string_view header,
                                    const http::Request& request);
  http::Identity from_basic(std::string_view encoded,
                            std::string_view remote_address);
  http::Identity from_token(std::string_view secret);
  http::Identity from_signed(std::string_view token);
  http::Identity from_session(std::string_view cookie,
                              const http::Request& request);
  // The identity behind a repository-scoped one, with all its rights.
  std::optional<http::Identity> owner_of(const http::Identity& scoped);
  static std::optional<Role> effective_role(const http::Identity& who,
                                            bool admin,
                                            const ProjectAccess& access);
  bool is_server_admin(const http::Identity& who);
  std::optional<UserRow> user_of(std::int64_t id);
  std::optional<Token> token_of(std::int64_t id);
  void slow_down(std::string_view user, std::string_view address) const;
  SessionLimits session_limits() const;
  std::string csrf_for(std::string_view cookie) const;

  Database& db_;
  const Clock& clock_;
  const Settings& settings_;
  const std::string key_;
  PasswordHasher passwords_;
  LoginThrottle throttle_;
  CredentialCache cache_;
  std::vector<ProjectGuard> guards_;
  // Asked several times for each request.
  Memo<std::optional<Project>> projects_{db_};
  Memo<std::optional<ProjectAccess>> accesses_{db_};
  Memo<std::optional<UserRow>> users_{db_};
  Memo<std::optional<Token>> tokens_{db_};
};

std::unique_ptr<Service> make_accounts(Database& db, const Clock& clock,
                                       const Settings& settings,
                                       std::string key);

}  // namespace skerry::auth
