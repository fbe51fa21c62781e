// Users, projects and their members, tokens, sessions, the audit log.
//
// A project is the unit of permission: it holds Git repositories, image
// repositories, charts and applications, and gives users a role.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/route.h"
#include "core/os/clock.h"
#include "core/store/sqlite.h"

namespace skerry::auth {

enum class Role { viewer = 1, developer = 2, maintainer = 3, admin = 4 };
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

struct User {
  std::int64_t id = 0;
  std::string name;  // [a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?
  std::string display_name;
  bool server_admin = false;
  bool disabled = false;
};

struct Project {
  std::int64_t id = 0;
  std::string name;  // [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?, also an OCI name
  std::string description;
  bool is_public = false;  // anyone may read
  UnixMillis created = 0;
};

// What a token may do: at most its owner's rights, cut to these scopes.
//   "read"                       viewer, everywhere the owner may
//   "write"                      developer, everywhere the owner may
//   "admin"                      all that the owner may
//   "project:<name>:<role>"      one project at one role (robot tokens)
//   "repository:<project>/<name>:<action>[,<action>]"
//                                only images, in signed tokens: see
//                                issue_scoped_token; actions pull, push, delete
// A robot has no owner: its scopes are its rights. Its identity's user_id is
// the negative of its token's id.
struct Token {
  std::int64_t id = 0;
  std::string name;
  std::int64_t user_id = 0;  // 0 for a robot
  std::vector<std::string> scopes;
  UnixMillis created = 0;
  std::optional<UnixMillis> expires;
  std::optional<UnixMillis> last_used;
};

struct AuditEntry {
  std::int64_t id = 0;
  UnixMillis time = 0;
  std::string actor;
  std::string action;   // "repo.create"
  std::string subject;  // "demo/hello"
  std::string detail;
};

// Thread-safe. Implements the Gate of the HTTP server.
class Accounts : public http::Gate {
 public:
  // A fresh database gets the user "admin" with this password.
  virtual ~Accounts() = default;

  virtual std::optional<Project> find_project(std::string_view name) = 0;
  virtual std::vector<Project> projects_of(const http::Identity& who) = 0;
  virtual Project create_project(Transaction& tx, std::string_view name,
                                 std::string_view description,
                                 bool is_public) = 0;
  virtual std::optional<Role> role_in(const http::Identity& who,
                                      std::string_view project) = 0;

  // Name and password or token, as Basic credentials carry them; throttled.
  virtual std::optional<http::Identity> check_credentials(
      std::string_view user, std::string_view secret,
      std::string_view remote_address) = 0;

  // Returns the secret, which is shown once: "skp_..." for a person's token,
  // "skr_..." for a robot's.
  struct NewToken {
    Token token;
    std::string secret;
  };
  virtual NewToken create_robot_token(Transaction& tx, std::string_view name,
                                      std::vector<std::string> scopes,
                                      std::optional<UnixMillis> expires) = 0;

  // A short-lived self-contained bearer token ("sks_...") for `who`, anonymous
  // included, that identify() turns into the same identity with `scopes` (none:
  // no rights). The caller checks that `who` may do what its repository scopes
  // say; others must lie within `who`'s own, or denied is thrown. It ends with
  // `who`'s password, account or token.
  virtual std::string issue_scoped_token(const http::Identity& who,
                                         std::vector<std::string> scopes,
                                         std::chrono::seconds lifetime) = 0;
  // May `who` "pull" (viewer), "push" (developer) or "delete" (maintainer) the
  // image repository `project`/`repository`? Honours scopes of both kinds.
  virtual bool allows_repository(const http::Identity& who,
                                 std::string_view project,
                                 std::string_view repository,
                                 std::string_view action) = 0;

  // Records a change; call it in the transaction that makes the change.
  virtual void audit(Transaction& tx, const http::Identity& who,
                     std::string_view action, std::string_view subject,
                     std::string_view detail = {}) = 0;
};

// Throws not_found. To be called within the write that adds something to a
// project by its name, so that the project cannot go in between.
void require_project(Accounts& accounts, std::string_view name);

}  // namespace skerry::auth
