// Rows of projects and their members. Called within a read or a write.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/accounts.h"

namespace skerry::auth {

std::optional<Project> find_project(Connection& db, std::string_view name);
// Throws conflict when the name is taken.
Project insert_project(Transaction& tx, std::string_view name,
                       std::string_view description, bool is_public,
                       UnixMillis now);
// Unset: as it was. Throws not_found.
void change_project(Transaction& tx, std::string_view name,
                    const std::optional<std::string>& description,
                    std::optional<bool> is_public);
void remove_project(Transaction& tx, std::string_view name);

struct Member {
  std::string user;
  std::string display_name;
  Role role;
};
std::vector<Member> list_members(Connection& db, std::int64_t project_id);
void set_member(Transaction& tx, std::int64_t project_id, std::int64_t user_id,
                Role role);
// False when the user was no member.
bool remove_member(Transaction& tx, std::int64_t project_id,
                   std::int64_t user_id);

// A project and what the user's account may do in it, before tokens cut it.
struct ProjectAccess {
  Project project;
  std::optional<Role> role;  // of the membership
};
std::optional<ProjectAccess> project_access(Connection& db,
                                            std::string_view project,
                                            std::int64_t user_id);
std::vector<ProjectAccess> project_accesses(Connection& db,
                                            std::int64_t user_id);

}  // namespace skerry::auth
